"""Both sites and the error pages in a real browser, as visitors have them."""

import base64
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, sync_playwright

from clearinghouse.operate.demo import sites
from tests.live.installation import Installation

pytestmark = pytest.mark.live

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BJ, CD = "bj.chm.localhost", "cd.chm.localhost"
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def browser(installation: Installation) -> Iterator[Browser]:
    """Chromium that finds the sites at the host, trusts their keys, and speaks HTTP/3 with Benin's."""
    for code, folder in sites().items():
        installation.chm("put", code, str(folder)).well()
    keys = ",".join(_key(installation, name) for name in (BJ, CD))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                *QUIET,
                f"--host-resolver-rules=MAP *.chm.localhost {installation.host.ipv4}",
                f"--ignore-certificate-errors-spki-list={keys}",
                f"--origin-to-force-quic-on={BJ}:443",
            ],
        )
        yield browser
        browser.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("name", "heading"), [(BJ, "du Bénin"), (CD, "République démocratique du Congo")])
def test_a_site_opens(
    browser: Browser, name: str, heading: str, size: dict[str, int], tmp_path: Path
) -> None:
    page = browser.new_page(viewport=size)  # type: ignore[arg-type]
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    reply = page.goto(f"https://{name}/")
    assert reply is not None
    assert reply.status == 200
    assert heading in page.inner_text("h1")
    assert faults == []
    assert _fits(page)
    page.screenshot(path=tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 5_000


def test_it_speaks_http_3(browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"https://{BJ}/")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h3"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("pt-BR", "ltr")])
def test_an_error_page_speaks_the_readers_language(browser: Browser, language: str, direction: str) -> None:
    page = browser.new_page(viewport=PHONE, locale=language)  # type: ignore[arg-type]
    reply = page.goto(f"https://{CD}/.hidden")
    assert reply is not None
    assert reply.status in (403, 404)
    assert page.get_attribute("html", "lang") == language.split("-")[0]
    assert page.get_attribute("html", "dir") == direction
    assert _fits(page)


def _fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def _key(installation: Installation, name: str) -> str:
    """The hash of a site's key as Chromium wants it (SPKI, SHA-256, base64)."""
    installation.curl(f"https://{name}/")
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"{installation.host.ipv4}:443", "-servername", name],
        input="", capture_output=True, text=True, check=False,
    )  # fmt: skip
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    pem = begin + done.stdout.split(begin, 1)[1].split(end, 1)[0] + end
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()
