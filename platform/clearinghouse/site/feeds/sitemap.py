"""The list of pages for search engines (sitemaps.org 0.9), with each page's other languages (xhtml:link)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from xml.etree.ElementTree import Element

from clearinghouse.site.feeds.xml import element, written
from clearinghouse.site.texts import uri

MOST_ADDRESSES = 10_000
"""Addresses in a file. The protocol allows 50,000 and 50 MB; with many languages the latter comes first."""

_PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """A page in all its languages.

    Attributes:
        paths: its path by language, `{"fr": "fr/news/"}`, without a slash at the beginning; `x-default` names
            the page that lets the reader choose.
        updated: the day of its last change, where known.
    """

    paths: Mapping[str, str]
    updated: date | None = None


def sitemap(address: str, pages: Iterable[SitemapPage]) -> Iterator[tuple[str, bytes]]:
    """`sitemap.xml` with every page in every language; of a large site it lists further files.

    Args:
        address: the site's, without a slash at its end.
        pages: in the order in which they are to be listed.
    """
    every = (url for page in pages for url in _urls(address, page))
    files = list(_files(every))
    if len(files) <= 1:
        yield "sitemap.xml", next(iter(files), _file([]))
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(files) + 1)]
    yield "sitemap.xml", _index(address, names)
    yield from zip(names, files, strict=True)


def _urls(address: str, page: SitemapPage) -> Iterator[Element]:
    """A page in each of its languages; each names all, itself too (as hreflang asks)."""
    places = {language: uri(f"{address}/{path}") for language, path in page.paths.items()}
    for place in places.values():
        url = element("url", element("loc", place))
        if page.updated:
            url.append(element("lastmod", page.updated.isoformat()))
        url.extend(_alternates(places))
        yield url


def _alternates(places: Mapping[str, str]) -> Iterator[Element]:
    if len(places) > 1:
        for language, place in places.items():
            yield element("xhtml:link", rel="alternate", hreflang=language, href=place)


def _files(urls: Iterator[Element]) -> Iterator[bytes]:
    """Written one after the other, so that only one is held as elements."""
    while some := list(islice(urls, MOST_ADDRESSES)):
        yield _file(some)


def _file(urls: Iterable[Element]) -> bytes:
    spaces = {"xmlns": _PROTOCOL, "xmlns:xhtml": "http://www.w3.org/1999/xhtml"}
    return written(element("urlset", *urls, **spaces))


def _index(address: str, names: Iterable[str]) -> bytes:
    files = (element("sitemap", element("loc", uri(f"{address}/{name}"))) for name in names)
    return written(element("sitemapindex", *files, xmlns=_PROTOCOL))
