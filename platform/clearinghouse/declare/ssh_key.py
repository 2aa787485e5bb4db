"""The type of a webmaster's public key for SSH."""

from typing import Annotated

from clearinghouse.declare.characters import INVISIBLE
from clearinghouse.declare.form import text_form
from clearinghouse.declare.should import should_be, text_of

SMALLEST_RSA = 3072
_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
_EXPECTED = "an SSH public key in one line: ssh-ed25519, ecdsa-sha2-nistp256/384/521 or ssh-rsa"


def _ssh_key(value: object) -> str:
    text = text_of(value, _EXPECTED)
    if "PRIVATE KEY" in text:
        raise should_be(
            _EXPECTED,
            found="a private key",
            hint="make a new pair: this one is not secret any more; give its .pub",
        )
    words = text.split(" ")
    if INVISIBLE.search(text) or words[0] not in _KINDS or len(words) < 2 or len(text) > 4096:
        raise should_be(_EXPECTED)
    _check_strength(text)
    return text


def _check_strength(text: str) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        key = load_ssh_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise should_be(f"{_EXPECTED}, whole", hint="is its end missing?") from None
    if isinstance(key, RSAPublicKey) and key.key_size < SMALLEST_RSA:
        found = f"an RSA key of {key.key_size} bits"
        raise should_be(
            f"an RSA key of at least {SMALLEST_RSA} bits, or better ssh-ed25519",
            found=found,
            hint="ssh-keygen -t ed25519 makes one",
        )


SshKey = Annotated[str, text_form(_ssh_key, pattern=f"^({'|'.join(_KINDS)}) ")]
