"""Naughty texts in a real browser without any Content-Security-Policy: nothing runs, nothing is fetched."""

from playwright.sync_api import Browser, Request

from clearinghouse.site.maps import Point, points_map
from clearinghouse.site.markup import html
from tests.site import naughty

_LIVE = """() => {
  const wrong = [...document.querySelectorAll("main *")].filter(element =>
    /^(script|style|iframe|object|embed|form|base|meta|link|foreignobject|image|use|animate|set)$/i.test(element.tagName)
    || [...element.attributes].some(({name}) => /^(on|style|srcdoc|xlink)/i.test(name))
    || (element.href && !/^(https?|mailto):/.test(element.href.baseVal === undefined
        ? element.href : new URL(element.href.baseVal, document.baseURI).href)));
  return wrong.map(element => element.outerHTML);
}"""


def _drawings() -> str:
    points = [
        Point(text, place, place, 9, address)
        for place, text in enumerate(naughty.TEXTS)
        for address in ("/x/", *naughty.ADDRESSES)
    ]
    return points_map(points, title=naughty.TEXTS[1], description=naughty.TEXTS[4])


def test_a_browser_finds_nothing_live_in_what_partners_write(browser: Browser) -> None:
    body = "\n".join(map(html, naughty.MARKDOWN)) + _drawings()
    page_html = f"<!doctype html><meta charset=utf-8><title>x</title><main>{body}</main><p id=last>whole</p>"
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith("https://site.test/images/"):
            asked.append(request.url)

    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", note)
    page.route("**/*", lambda route: route.fulfill(body=page_html, content_type="text/html"))
    page.goto("https://site.test/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(_LIVE) == []
    assert page.evaluate("document.querySelector('body > #last').textContent") == "whole"
    page.close()
    assert dialogs == []
    assert [
        address for address in asked if address not in ("https://site.test/", "https://site.test/favicon.ico")
    ] == []
