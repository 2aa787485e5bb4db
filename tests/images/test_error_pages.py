"""The error pages: complete, small, self-contained, and in the reader's script."""

import base64
import hashlib
import re

import pytest

from clearinghouse import error_pages

PAGES = error_pages.render()


def test_every_status_in_every_language():
    assert set(PAGES) == {
        f"{status}.{language}.html" for status in error_pages.STATUSES for language in error_pages.LANGUAGES
    }


def test_the_same_input_gives_the_same_bytes():
    assert error_pages.render() == PAGES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_small_and_asks_nobody_for_anything(name: str):
    page = PAGES[name].decode()
    assert len(PAGES[name]) < 3 * 1024
    assert not re.search(r"https?:|src=|@import|url\(|<script|<link", page)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_says_its_language_direction_and_status(name: str):
    status, language, _ = name.split(".")
    direction = "rtl" if language == "ar" else "ltr"
    page = PAGES[name].decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert f" {status}</p>" in page


def test_policy_allows_this_style_and_nothing_else():
    page = PAGES["404.en.html"].decode()
    style = re.search("<style>(.*)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}" in page or f"style-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("status", [502, 503, 504])
def test_trying_again_stays_on_the_page(status: int):
    assert 'href=""' in PAGES[f"{status}.fr.html"].decode()


def test_an_unknown_site_has_no_home_page_to_offer():
    assert "<a " not in PAGES["421.es.html"].decode()


@pytest.mark.parametrize(
    ("languages", "chosen"),
    [(("fr", "ln"), "fr"), (("pt-AO",), "pt"), (("AR",), "ar"), (("sw", "fr"), "en"), ((), "en")],
)
def test_language_for_readers_who_name_none(languages: tuple[str, ...], chosen: str):
    assert error_pages.language_for(languages) == chosen
