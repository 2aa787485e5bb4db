"""The type of an authority's certificate."""

from typing import Annotated

from clearinghouse.declare.form import text_form
from clearinghouse.declare.should import should_be, text_of

_BEGIN = "-----BEGIN CERTIFICATE-----"
_LONGEST = 20_000
_EXPECTED = f"an authority's certificate (PEM), which begins with {_BEGIN}"


def _certificate(value: object) -> str:
    text = text_of(value, _EXPECTED)
    if "PRIVATE KEY" in text:
        raise should_be(_EXPECTED, found="a private key", hint="make a new one: this is not secret any more")
    if not text.startswith(_BEGIN) or len(text) > _LONGEST:
        raise should_be(_EXPECTED)
    _check_whole(text)
    return f"{text.strip()}\n"


def _check_whole(text: str) -> None:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        load_pem_x509_certificates(text.encode())
    except ValueError:
        raise should_be(f"{_EXPECTED}, whole", hint="is its end missing?") from None


Certificate = Annotated[str, text_form(_certificate, pattern=f"^{_BEGIN}", maxLength=_LONGEST)]
