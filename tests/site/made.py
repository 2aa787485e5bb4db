"""A site made of files, for tests: its pages as trees."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html
from lxml.html import HtmlElement

from clearinghouse.installation import root
from clearinghouse.site.render import render
from clearinghouse.site.write import Output
from tests.site.information import TODAY, checked

TEMPLATES = root() / "site_templates/standard"


class Made:
    """The outputs of a site.

    Args:
        folder: where its files are laid and its pictures kept.
        files: the partner's information, besides what every site has.
        languages: the site's.
    """

    def __init__(self, folder: Path, files: Mapping[str, str | bytes], *languages: str) -> None:
        found = checked(folder, files, *languages)
        assert found.content, found.problems
        self.content = found.content
        self.outputs: dict[str, Output] = render(found.content, TEMPLATES, TODAY, folder / "pictures")

    def text(self, path: str) -> str:
        """A file."""
        content = self.outputs[path]
        assert isinstance(content, bytes)
        return content.decode()

    def page(self, path: str) -> HtmlElement:
        """A page by its address, such as `fr/news/`."""
        name = path if path.endswith(".html") else f"{path}index.html"
        return html.fromstring(self.text(name))

    def pages(self) -> Iterator[tuple[str, HtmlElement]]:
        """Every page by its address."""
        for path in self.outputs:
            if path.endswith(".html"):
                yield path.removesuffix("index.html"), html.fromstring(self.text(path))

    def leads_nowhere(self) -> list[str]:
        """Every address within the site that a page names and that is not there, with the page."""
        there = {f"/{path.removesuffix('index.html')}" for path in self.outputs} | {"/pagefind/pagefind.js"}
        ids = {f"/{path}": set(page.xpath("//@id")) for path, page in self.pages()}
        nowhere = []
        for path, page in self.pages():
            for address in page.xpath("//@href | //@src | //@action | //@srcset"):
                nowhere += [f"{path}: {each}" for each in _missing(f"/{path}", str(address), there, ids)]
        return nowhere


def said(element: HtmlElement) -> str:
    """The text of an element, on one line."""
    return re.sub(r"\s+", " ", element.text_content()).strip()


def _missing(page: str, address: str, there: set[str], ids: Mapping[str, set[str]]) -> Iterator[str]:
    places = re.findall(r"(?:^|, )(\S+) [0-9]+w", address) or [address]
    for place in places:
        parts = urlsplit(urljoin(page, place))
        if parts.scheme or parts.netloc:
            continue
        path, anchor = unquote(parts.path), unquote(parts.fragment)
        if path not in there or (anchor and path in ids and anchor not in ids[path]):
            yield place
