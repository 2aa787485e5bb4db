from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from clearinghouse.operate.authority import make_authority


def test_a_new_root_is_an_authority_of_its_own_key_for_ten_years() -> None:
    certificate_text, key_text = make_authority()
    certificate = x509.load_pem_x509_certificate(certificate_text.encode())
    key = load_pem_private_key(key_text.encode(), password=None)
    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key() == key.public_key()
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=3600)


def test_no_two_roots_are_alike() -> None:
    assert make_authority()[1] != make_authority()[1]
