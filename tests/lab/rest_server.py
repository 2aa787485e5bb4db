"""A rest-server that takes nothing back, behind TLS of its own authority and a password."""

import base64
import hashlib
import ipaddress
import socket
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.lab.shell import wait_until

USER, PASSWORD = "chm", "open sesame, 'quoted'"


class RestServer:
    """The server; it can go away and come back.

    Args:
        folder: empty, for what it keeps.
        address: where it listens.
        port: and at which port.
        within: what its command begins with, such as that of a network namespace.
    """

    def __init__(self, folder: Path, address: str, port: int, within: Sequence[str] = ()) -> None:
        self.data = folder / "data"
        self.repository = f"rest:https://{address}:{port}/{USER}"
        hashed = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
        (folder / "htpasswd").write_text(f"{USER}:{{SHA}}{hashed}\n")
        self.authority = _certify(address, folder / "cert.pem", folder / "key.pem")
        self._log = folder / "log"
        self._command = (
            *within,
            *("rest-server", "--path", str(self.data), "--listen", f"{address}:{port}"),
            *("--tls", "--tls-cert", str(folder / "cert.pem"), "--tls-key", str(folder / "key.pem")),
            *("--append-only", "--private-repos", "--htpasswd-file", str(folder / "htpasswd")),
        )

    @property
    def access(self) -> str:
        """What lets in there, as the secret of a host has it."""
        return f"RESTIC_REST_USERNAME={USER}\nRESTIC_REST_PASSWORD={PASSWORD}\n"

    @property
    def declared(self) -> str:
        """What a host's file says of it."""
        pem = "".join(f"    {line}\n" for line in self.authority.splitlines())
        return f"second_place:\n  repository: {self.repository}\n  authority: |\n{pem}"

    def begin(self) -> None:
        """Start it; who needs it waits until its port is open."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)

    def end(self) -> None:
        """Stop it at once."""
        self._process.kill()
        self._process.wait()


class Elsewhere(RestServer):
    """The same on this machine, for tests that need no lab.

    Args:
        folder: not there yet.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        super().__init__(folder, "127.0.0.1", self._port)

    def begin(self) -> None:
        """Start it, and wait until it answers."""
        super().begin()
        wait_until(self._answers, "the server answers", 20)

    def _answers(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self._port)) == 0


def _certify(address: str, certificate: Path, key: Path) -> str:
    """Make a certificate for an address and its key; gives the authority that it is from."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the second place's authority")])
    signer, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    nobody = x509.Name([])
    is_ca = x509.BasicConstraints(ca=True, path_length=0)
    where = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    authority = _made(name, name, signer, signer, is_ca)
    certificate.write_text(_made(nobody, name, own, signer, where))
    key.write_bytes(
        own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return authority


def _made(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> str:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=True)
        .sign(signer, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()
