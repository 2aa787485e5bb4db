"""The list of pages, judged by an XML Schema after sitemaps.org."""

from datetime import date

from lxml import etree

from clearinghouse.site.feeds.sitemap import MOST_ADDRESSES, SitemapPage, sitemap
from tests.site.feeds.engines import SPACES, errors, texts
from tests.site.feeds.samples import ADDRESS

PAGES = (
    SitemapPage({"x-default": "", "fr": "fr/", "ar": "ar/"}, date(2026, 5, 1)),
    SitemapPage({"fr": "fr/news/é&b/"}),
)


def test_it_is_what_the_protocol_asks_for() -> None:
    made = dict(sitemap(ADDRESS, PAGES))
    assert list(made) == ["sitemap.xml"]
    assert errors("sitemap.xsd", made["sitemap.xml"]) == []


def test_every_page_stands_in_it_with_its_day() -> None:
    made = dict(sitemap(ADDRESS, PAGES))["sitemap.xml"]
    assert texts(made, "//map:loc") == [
        f"{ADDRESS}/",
        f"{ADDRESS}/fr/",
        f"{ADDRESS}/ar/",
        f"{ADDRESS}/fr/news/%C3%A9&b/",
    ]
    assert texts(made, "//map:lastmod") == ["2026-05-01"] * 3


def test_each_language_names_all_of_them_and_itself() -> None:
    made = dict(sitemap(ADDRESS, PAGES))["sitemap.xml"]
    urls = etree.fromstring(made).findall("map:url", SPACES)
    languages = [[link.get("hreflang") for link in url.findall("xhtml:link", SPACES)] for url in urls]
    assert languages == [["x-default", "fr", "ar"]] * 3 + [[]]


def test_a_large_site_has_a_list_of_lists() -> None:
    pages = [SitemapPage({"fr": f"fr/{number}/"}) for number in range(MOST_ADDRESSES + 1)]
    made = dict(sitemap(ADDRESS, pages))
    assert list(made) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]
    assert texts(made["sitemap.xml"], "//map:loc") == [f"{ADDRESS}/sitemap-1.xml", f"{ADDRESS}/sitemap-2.xml"]
    assert [len(texts(made[name], "//map:loc")) for name in list(made)[1:]] == [MOST_ADDRESSES, 1]
    assert errors("sitemap.xsd", made["sitemap.xml"]) == errors("sitemap.xsd", made["sitemap-2.xml"]) == []


def test_a_site_without_pages_has_an_empty_list() -> None:
    assert errors("sitemap.xsd", dict(sitemap(ADDRESS, ()))["sitemap.xml"]) == []
