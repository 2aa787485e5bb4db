"""A partner's Markdown to HTML that is safe to show, and to plain text.

Markdown is CommonMark 0.31 with the tables and the struck-out text of GitHub; HTML in it is shown as text.
Nothing that the partner writes becomes a tag: site/elements.py writes all tags, and nh3 goes over the result.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import nh3
import pyromark

from clearinghouse.site.elements import ALIGNMENTS, PLACE, Elements, Links, Pictures, picture
from clearinghouse.site.safe import SCHEMES
from clearinghouse.site.texts import shortened

_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:", re.MULTILINE)
_TAGS = frozenset(
    ["a", "blockquote", "br", "code", "del", "div", "em", "figure", "hr", "img", "li", "ol"]
) | {*["h2", "h3", "h4", "h5", "h6", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"]}
_ATTRIBUTES = {
    "a": frozenset(["href", "rel", "title"]),
    "div": frozenset(["role", "tabindex", "aria-label"]),
    "img": frozenset(["src"]),
    "ol": frozenset(["start"]),
    "th": frozenset(["scope"]),
    **{f"h{level}": frozenset(["id"]) for level in range(2, 7)},
}
_CLASSES = {
    "div": frozenset(["table"]),
    **dict.fromkeys(["td", "th"], frozenset(ALIGNMENTS.values())),
}


def html(
    markdown: str,
    *,
    language: str = "",
    links: Links | None = None,
    pictures: Pictures | None = None,
    prefix: str = "",
    table: str = "Table",
) -> str:
    """Markdown as HTML.

    The topmost heading becomes h2, the next level h3, without gaps: the page has its h1 already. Headings
    get an id. A link to an address that is not http, https, mailto or within the site stays as text; so does
    a picture from elsewhere than images/. A picture alone in a paragraph is a figure, its title the caption.

    Args:
        markdown: the text, not trusted.
        language: the text's: in some, spaces beside signs do not break.
        links: gives the address of a target within the site, without query and fragment, or nothing where
            there is none; left out, targets stay as they are.
        pictures: gives a picture's HTML, phrasing content, trusted; left out, a plain img.
        prefix: comes before each id, for several texts on one page.
        table: the word for tables, in the text's language; tables without headings are called so.

    Returns:
        HTML for a block, "" for no text.
    """
    elements = Elements(links or str, pictures or picture, prefix, table, language)
    clean = _cleaner().clean(elements.written(_events(markdown)))
    return PLACE.sub(lambda place: elements.pictures[int(place[1])], clean)


def plain(markdown: str, longest: int) -> str:
    """The running text without marks, headings, tables, code and pictures, in one line.

    Args:
        markdown: the text.
        longest: how many characters it may have at most; it ends with `…` where some were left out.
    """
    text = "".join(_running(_events(_beginning(markdown, longest))))
    return shortened(" ".join(text.split()), longest)


def _events(markdown: str) -> Iterator[Any]:
    # YAML can name half a character ("\ud800"), which no text can hold.
    return pyromark.events(markdown.encode(errors="replace").decode(), options=_OPTIONS)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=SCHEMES,
        link_rel=None,
    )


_LEFT_OUT = ("Heading", "Table", "CodeBlock", "Image")


def _running(events: Iterator[Any]) -> Iterator[str]:
    left_out = 0
    for event in events:
        kind, value = next(iter(event.items())) if isinstance(event, dict) else ("Mark", event)
        if kind in ("Start", "End"):
            name = next(iter(value)) if isinstance(value, dict) else value
            left_out += (1 if kind == "Start" else -1) * (name in _LEFT_OUT)
            if name in ("Paragraph", "Item", "HtmlBlock"):
                yield " "
        elif not left_out:
            yield " " if kind == "Mark" else value


def _beginning(markdown: str, longest: int) -> str:
    """Enough of a text to sum it up, for speed; whole blocks, and all where addresses are defined below."""
    end = markdown.find("\n\n", longest * 4)
    return markdown if end < 0 or _DEFINITION.search(markdown, end) else markdown[:end]
