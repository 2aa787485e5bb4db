"""The list of pages for search engines (sitemaps.org 0.9), with each page's other languages (xhtml:link).

Written as text: there are as many addresses as pages, each with all its languages, and to make elements of
them takes many times as long.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from xml.sax.saxutils import escape

from clearinghouse.site.texts import uri

MOST_ADDRESSES = 10_000
"""Addresses in a file. The protocol allows 50,000 and 50 MB; with many languages the latter comes first."""

_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"
_PROTOCOL = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_LINKS = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


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


def _urls(address: str, page: SitemapPage) -> Iterator[str]:
    """A page in each of its languages; each names all, itself too (as hreflang asks)."""
    places = {language: escape(uri(f"{address}/{path}")) for language, path in page.paths.items()}
    updated = f"    <lastmod>{page.updated.isoformat()}</lastmod>\n" if page.updated else ""
    same = f"{updated}{_alternates(places)}  </url>\n"
    return (f"  <url>\n    <loc>{place}</loc>\n{same}" for place in places.values())


def _alternates(places: Mapping[str, str]) -> str:
    if len(places) <= 1:
        return ""
    # A URI has no quotation mark, nor has a language's tag.
    return "".join(
        f'    <xhtml:link rel="alternate" hreflang="{language}" href="{place}" />\n'
        for language, place in places.items()
    )


def _files(urls: Iterator[str]) -> Iterator[bytes]:
    while some := list(islice(urls, MOST_ADDRESSES)):
        yield _file(some)


def _file(urls: Iterable[str]) -> bytes:
    return _written("urlset", f"{_PROTOCOL} {_LINKS}", urls)


def _index(address: str, names: Iterable[str]) -> bytes:
    places = (escape(uri(f"{address}/{name}")) for name in names)
    files = (f"  <sitemap>\n    <loc>{place}</loc>\n  </sitemap>\n" for place in places)
    return _written("sitemapindex", _PROTOCOL, files)


def _written(name: str, spaces: str, inside: Iterable[str]) -> bytes:
    return f"{_DECLARATION}\n<{name} {spaces}>\n{''.join(inside)}</{name}>\n".encode()
