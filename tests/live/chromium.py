"""A real browser that finds the partners' sites on the played host and trusts their keys."""

import base64
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, sync_playwright

from tests.live.installation import CHECKOUT, Installation

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium(installation: Installation, *, trusted: tuple[str, ...], http_3: str) -> Iterator[Browser]:
    """Debian's Chromium.

    Args:
        trusted: domains whose present keys it trusts; it asks for the names at the host's address.
        http_3: the domain to which it speaks HTTP/3 from the first request.
    """
    keys = ",".join(_key(installation, name) for name in trusted)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                *QUIET,
                f"--host-resolver-rules=MAP *.chm.localhost {installation.host.ipv4}",
                f"--ignore-certificate-errors-spki-list={keys}",
                f"--origin-to-force-quic-on={http_3}:443",
            ],
        )
        yield browser
        browser.close()


def picture(page: Page, name: str, folder: Path) -> Path:
    """Take a picture of a page, into docs/pictures where CHM_PICTURES is set, else into a folder."""
    file = (CHECKOUT / "docs/pictures" if os.environ.get("CHM_PICTURES") else folder) / f"{name}.png"
    page.screenshot(path=file)
    return file


def _key(installation: Installation, name: str) -> str:
    """The hash of a site's key as Chromium wants it (SPKI, SHA-256, base64)."""
    installation.curl(f"https://{name}/")
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"{installation.host.ipv4}:443", "-servername", name],
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    pem = begin + done.stdout.split(begin, 1)[1].split(end, 1)[0] + end
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()
