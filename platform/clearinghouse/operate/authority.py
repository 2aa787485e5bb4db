"""The installation's own certificate authority, for hosts whose certificates no public CA issues."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clearinghouse.errors import Trouble
from clearinghouse.installation import root
from clearinghouse.operate import pulumi

_YEARS = 10


def make_authority() -> tuple[str, str]:
    """A new root: certificate and private key, PEM (RFC 5280, ECDSA P-256, ten years)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Clearing-house installation root")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_KEY_USAGE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    )


def root_certificate() -> str:
    """The installation's root certificate, PEM.

    Raises:
        Trouble: no host with `tls: internal` has one yet.
    """
    for file in sorted((root() / "stacks").glob("Pulumi.host-*.yaml")):
        stack = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        certificate = pulumi.configuration(stack).get("ca-certificate")
        if certificate:
            return str(certificate)
    raise Trouble(
        "no host has a certificate authority yet; run `chm secrets host-NAME` for one with tls internal"
    )


_KEY_USAGE = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)
