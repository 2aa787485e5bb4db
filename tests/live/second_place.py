"""A second place that is elsewhere: a rest-server with TLS of its own authority, on the lab's client."""

import base64
import hashlib
import ipaddress
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from clearinghouse.operate.authority import make_authority
from tests.lab.lab import Lab
from tests.lab.shell import in_namespace, wait_until

USER = "chm"
PASSWORD = "open sesame, 'quoted'"
_PORT = 8000


@dataclass(frozen=True)
class SecondPlace:
    """The server.

    Attributes:
        repository: as a host's file names it.
        authority: that its certificate is from (PEM).
        folder: with what it keeps.
    """

    repository: str
    authority: str
    folder: Path

    @property
    def access(self) -> str:
        """What lets in there, as the secret has it."""
        return f"RESTIC_REST_USERNAME={USER}\nRESTIC_REST_PASSWORD={PASSWORD}\n"

    @property
    def declared(self) -> str:
        """What a host's file says of it."""
        pem = "".join(f"    {line}\n" for line in self.authority.splitlines())
        return f"second_place:\n  repository: {self.repository}\n  authority: |\n{pem}"


@contextmanager
def second_place(lab: Lab, folder: Path) -> Iterator[SecondPlace]:
    """Let it answer; it takes nothing back, and lets a user see that user's folder alone."""
    address = lab.client.ipv4
    authority, key = make_authority()
    hashed = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    (folder / "htpasswd").write_text(f"{USER}:{{SHA}}{hashed}\n")
    (folder / "cert.pem").write_text(_certificate(address, authority, key, folder / "key.pem"))
    command = (
        *("rest-server", "--path", str(folder / "data"), "--listen", f"{address}:{_PORT}"),
        *("--tls", "--tls-cert", str(folder / "cert.pem"), "--tls-key", str(folder / "key.pem")),
        *("--append-only", "--private-repos", "--htpasswd-file", str(folder / "htpasswd")),
    )
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            in_namespace(lab.client.machine.namespace, command), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        listing = ("ss", "-Hltn", f"sport = :{_PORT}")
        wait_until(lambda: bool(lab.client.machine.run(*listing)), "the second place answers", 20)
        yield SecondPlace(f"rest:https://{address}:{_PORT}/{USER}", authority, folder / "data")
    finally:
        server.kill()
        server.wait()


def _certificate(address: str, authority: str, authority_key: str, key_file: Path) -> str:
    """A certificate for an address, from the authority; its key goes into a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    signer = load_pem_private_key(authority_key.encode(), password=None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.load_pem_x509_certificate(authority.encode()).subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=True
        )
        .sign(signer, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()
