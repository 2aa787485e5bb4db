"""Both sites and the error pages in a real browser, as visitors have them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from clearinghouse.operate.demo import sites
from tests.live.chromium import picture
from tests.live.installation import STATIC_SITE, Installation

pytestmark = pytest.mark.live

XS, CD = "xs.chm.localhost", "cd.chm.localhost"
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module", autouse=True)
def example_sites(installation: Installation) -> None:
    """The sites that are put at first, whatever other tests have put."""
    for code, folder in {**sites(), "xs": STATIC_SITE}.items():
        installation.chm("put", code, str(folder)).well()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("name", "heading"), [(XS, "de l’Atlantide"), (CD, "République démocratique du Congo")]
)
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
    shown = "" if size == DESK else "-phone"
    assert picture(page, f"{name[:2]}{shown}", tmp_path).stat().st_size > 5_000


def test_it_speaks_http_3(browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"https://{XS}/")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h3"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("pt-BR", "ltr")])
def test_an_error_page_speaks_the_readers_language(browser: Browser, language: str, direction: str) -> None:
    page = browser.new_page(viewport=PHONE, locale=language)  # type: ignore[arg-type]
    reply = page.goto("http://nobody.chm.localhost/")
    assert reply is not None
    assert reply.status == 421
    assert page.get_attribute("html", "lang") == language.split("-")[0]
    assert page.get_attribute("html", "dir") == direction
    assert _fits(page)


def _fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
