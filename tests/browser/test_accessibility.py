"""Every template in a real browser: nothing that keeps anybody out (WCAG 2.2, level AA)."""

import pytest
from playwright.sync_api import Browser, Page

PAGES = {
    "home": "",
    "section": "biodiversity/",
    "map": "protected-areas/",
    "list": "news/",
    "people": "focal-points/",
    "entry": "news/one/",
    "target": "targets/one/",
    "text": "science/more/",
    "fallback": "science/french/",
    "library": "library/",
    "filtered library": "library/target/1/",
    "glossary": "glossary/",
    "sitemap": "sitemap/",
    "search": "search/",
    "missing": "404.html",
    "privacy": "privacy/",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def visit(browser: Browser, address: str, **context: object) -> Page:
    page = browser.new_page(**context)  # type: ignore[arg-type]
    page.goto(address)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_axe_finds_nothing_wrong(
    browser: Browser, address: str, axe: str, language: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    wrong = {}
    for name, path in PAGES.items():
        page.goto(f"{address}/{language}/{path}")
        page.evaluate(axe)
        found = page.evaluate(
            "values => axe.run(document, {runOnly: {type: 'tag', values}, resultTypes: ['violations']})",
            RULES,
        )
        wrong[name] = [
            f"{each['id']}: {node['html'][:200]}: {node.get('failureSummary', '')[:200]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
    page.close()
    assert {name: lines for name, lines in wrong.items() if lines} == {}


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_is_wider_than_its_window(browser: Browser, address: str, language: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    wide = {}
    for name, path in PAGES.items():
        page.goto(f"{address}/{language}/{path}")
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert {name: found for name, found in wide.items() if found > width} == {}


def test_the_texts_of_a_map_can_be_read_on_a_phone(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{address}/fr/protected-areas/")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".map text")].filter(text => text.getClientRects().length)
        .map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
    )
    page.close()
    assert len(sizes) > 1
    assert min(sizes) >= 11


def test_nothing_is_refused_by_the_policy_and_nothing_is_missing(browser: Browser, address: str) -> None:
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("requestfailed", lambda request: said.append(f"{page.url}: {request.url}"))
    page.on(
        "request", lambda request: said.append(request.url) if not request.url.startswith(address) else None
    )
    for path in PAGES.values():
        page.goto(f"{address}/ar/{path}", wait_until="networkidle")
    page.close()
    assert said == []


def test_the_keyboard_reaches_content_menu_and_languages(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/fr/", viewport={"width": 1280, "height": 800})
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.closest('nav, form, main, footer, header')?.className")
        )
    assert {"languages", "search", "menu"} <= reached
    page.locator("nav.menu summary:visible").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("nav.menu li a:visible").count() > 0
    page.close()


def test_a_menu_opens_without_javascript_on_a_phone(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/fr/", viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.locator("nav.menu summary:visible").first.click()
    page.locator("nav.menu li summary:visible").first.click()
    page.locator("nav.menu li a:visible").first.click()
    assert page.url != f"{address}/fr/"
    page.close()


@pytest.mark.parametrize(("language", "asked"), [("fr", "foret"), ("ar", "forêt")])
def test_the_search_finds_a_page(browser: Browser, address: str, language: str, asked: str) -> None:
    page = visit(browser, f"{address}/{language}/search/?q={asked}")
    page.wait_for_selector("[data-results] li a")
    assert (
        page.locator("[data-results] li a")
        .first.get_attribute("href", timeout=5000)
        .startswith(f"/{language}/")
    )  # type: ignore[union-attr]
    page.close()


def test_a_search_without_result_says_so(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/fr/search/?q=qqqqzzzz")
    wanted = page.get_attribute("[data-none]", "data-none")
    page.wait_for_function("text => document.querySelector('[data-status]').textContent === text", arg=wanted)
    page.close()


def test_a_page_prints_without_menu(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/fr/news/one/")
    page.emulate_media(media="print")
    assert not page.locator("nav.menu").is_visible()
    assert page.locator("h1").is_visible()
    page.close()
