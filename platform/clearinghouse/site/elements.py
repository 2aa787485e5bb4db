"""The HTML elements of a text in Markdown, written from what its parser tells.

The parser tells of the beginning and the end of each part, and of the text in between, as serde writes Rust's
pulldown_cmark::Event: "SoftBreak", {"Text": "a"}, {"Start": {"Link": {…}}}.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from clearinghouse.site.safe import escaped, is_external, is_safe, scheme
from clearinghouse.site.texts import slug, uri
from clearinghouse.site.words import spaced

Links = Callable[[str], str]
"""From a target within the site, as in `page:about`, `files/x.pdf` or `news/slug`, to its address."""
Pictures = Callable[[str, str], str]
"""From a picture's path, as in `images/forest.jpg`, and its alternative text to HTML that is ready."""

ALIGNMENTS = {"Left": "start", "Center": "centre", "Right": "end"}
# An address cannot hold a quotation mark unescaped, nor text a `<`: only a tag of ours looks so.
PLACE = re.compile(r'<img src="(\d+)">')
"""Where a picture comes: the cleaner of HTML would not let all of it through."""

_IMAGE = re.compile(r"images(/[A-Za-z0-9_][A-Za-z0-9._-]*){1,6}")
_TAKEN = ("main", "q", "total")  # ids that the page itself has
_DEEPEST = 40
"""Elements within each other; what is deeper loses its tags, since browsers and their readers give up."""
_MARKS = {"SoftBreak": "\n", "HardBreak": "<br>\n", "Rule": "<hr>\n"}
_OPENINGS = {
    "Emphasis": "<em>",
    "Strong": "<strong>",
    "Strikethrough": "<del>",
    "BlockQuote": "<blockquote>\n",
    "CodeBlock": "<pre><code>",
    "HtmlBlock": "<p>",
    "Item": "<li>",
    "TableHead": "<thead>\n<tr>\n",
    "TableRow": "<tr>\n",
}
_CLOSINGS = {
    "Emphasis": "</em>",
    "Strong": "</strong>",
    "Strikethrough": "</del>",
    "BlockQuote": "</blockquote>\n",
    "CodeBlock": "</code></pre>\n",
    "HtmlBlock": "</p>\n",
    "Item": "</li>\n",
    "TableHead": "</tr>\n</thead>\n",
    "TableRow": "</tr>\n",
}


def picture(source: str, alternative: str) -> str:
    """A picture as a plain tag."""
    return f'<img src="{escaped(source)}" alt="{escaped(alternative)}" loading="lazy">'


class _Part:
    """A part of the text that can be written only when its end is known.

    Args:
        name: what it is.
        facts: what the parser tells of it.
    """

    __slots__ = ("facts", "html", "name", "text")

    def __init__(self, name: str = "", facts: Any = None) -> None:
        self.name = name
        self.facts = facts
        self.html: list[str] = []
        self.text: list[str] = []


@dataclass
class Elements:
    """Writes one text.

    Attributes:
        address: gives the addresses of links within the site.
        picture: gives the HTML of pictures.
        prefix: comes before each id.
        table: what a table without headings is called.
        language: the text's.
        pictures: the HTML of all pictures, by the number in their place.
    """

    address: Links
    picture: Pictures
    prefix: str
    table: str
    language: str
    pictures: list[str] = field(default_factory=list)
    _titles: dict[str, str] = field(default_factory=dict)
    _levels: list[int] = field(default_factory=list)
    _ids: set[str] = field(default_factory=lambda: set(_TAKEN))
    _labels: set[str] = field(default_factory=set)
    _alignments: tuple[str, ...] = ()
    _head: list[str] = field(default_factory=list)
    _cells: int = 0
    _is_head: bool = False

    def written(self, events: Iterable[Any]) -> str:
        """The HTML of all that the parser tells."""
        parts, depth = [_Part()], 0
        for event in events:
            part = parts[-1]
            kind, value = ("Mark", event) if isinstance(event, str) else next(iter(event.items()))
            if kind == "Text":
                part.html.append(escaped(spaced(value, self.language)))
                part.text.append(value)
            elif kind == "Start":
                depth += 1
                name, facts = (value, None) if isinstance(value, str) else next(iter(value.items()))
                self._begin(name, facts)
                if name in _WRITTEN_AT_THEIR_END:
                    parts.append(_Part(name, facts))
                elif depth <= _DEEPEST:
                    part.html.append(_OPENINGS[name])
            elif kind == "End":
                name = value if isinstance(value, str) else next(iter(value))
                if name in _WRITTEN_AT_THEIR_END:
                    self._end(parts.pop(), parts[-1], is_deep=depth > _DEEPEST)
                else:
                    part.html.append(_CLOSINGS[name] if depth <= _DEEPEST else " ")
                depth -= 1
            else:
                self._say(part, kind, value)
        return "".join(parts[0].html)

    def _begin(self, name: str, facts: Any) -> None:
        """Cells need to know where they are."""
        if name == "Table":
            self._alignments, self._head = facts, []
        elif name in ("TableHead", "TableRow"):
            self._cells, self._is_head = 0, name == "TableHead"

    def _end(self, part: _Part, outer: _Part, *, is_deep: bool) -> None:
        html = "".join(part.html)
        outer.html.append(f"{html} " if is_deep else _WRITTEN_AT_THEIR_END[part.name](self, part, html))
        if part.name in ("Link", "Image"):
            outer.text += part.text

    def _say(self, part: _Part, kind: str, value: str) -> None:
        if kind == "Mark":
            part.html.append(_MARKS[value])
            part.text.append(" ")
        else:
            part.html.append(f"<code>{escaped(value)}</code>" if kind == "Code" else escaped(value))
            part.text.append(value)

    def _heading(self, part: _Part, html: str) -> str:
        level = int(part.facts["level"][1])
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        tag = f"h{min(1 + len(self._levels), 6)}"
        name = _unique(self.prefix + (slug("".join(part.text)) or "section"), self._ids)
        return f'<{tag} id="{escaped(name)}">{html}</{tag}>\n'

    def _paragraph(self, part: _Part, html: str) -> str:
        if len(part.html) == 1 and html in self._titles:
            if title := self._titles[html]:
                self.pictures[-1] += f"<figcaption>{escaped(title)}</figcaption>"
            return f"<figure>{html}</figure>\n"
        return f"<p>{html}</p>\n"

    def _list(self, part: _Part, html: str) -> str:
        if part.facts is None:
            return f"<ul>\n{html}</ul>\n"
        start = "" if part.facts == 1 else f' start="{part.facts}"'
        return f"<ol{start}>\n{html}</ol>\n"

    def _table(self, _: _Part, html: str) -> str:
        label = _unique(", ".join(self._head) or self.table, self._labels, " ")
        region = f'<div class="table" role="region" tabindex="0" aria-label="{escaped(label)}">'
        return f"{region}\n<table>\n{html}</table>\n</div>\n"

    def _cell(self, part: _Part, html: str) -> str:
        alignment = ALIGNMENTS.get(self._alignments[self._cells])
        self._cells += 1
        text = "".join(part.text).strip()
        is_heading = self._is_head and text  # a heading that says nothing is none
        if is_heading:
            self._head.append(text)
        tag, scope = ("th", ' scope="col"') if is_heading else ("td", "")
        look = f' class="{alignment}"' if alignment else ""
        return f"<{tag}{look}{scope}>{html}</{tag}>\n"

    def _link(self, part: _Part, html: str) -> str:
        target = ("mailto:" if part.facts["link_type"] == "Email" else "") + uri(part.facts["dest_url"])
        address = self._within(target) if _is_within(target) else target
        if not address or not is_safe(address):
            return html
        title = f' title="{escaped(part.facts["title"])}"' if part.facts["title"] else ""
        rel = ' rel="noopener"' if is_external(address) else ""
        return f'<a href="{escaped(address)}"{title}{rel}>{html}</a>'

    def _within(self, target: str) -> str:
        name = re.split(r"[?#]", target, maxsplit=1)[0]
        if not name:
            return target.replace("#", f"#{self.prefix}", 1)
        found = self.address(unquote(name))
        return found and found + target[len(name) :]

    def _image(self, part: _Part, _: str) -> str:
        source, alternative = part.facts["dest_url"], "".join(part.text)
        if not _IMAGE.fullmatch(source):
            return escaped(alternative)
        place = f'<img src="{len(self.pictures)}">'
        self.pictures.append(self.picture(source, alternative))
        self._titles[place] = part.facts["title"]
        return place


_WRITTEN_AT_THEIR_END: Mapping[str, Callable[[Elements, _Part, str], str]] = {
    "Paragraph": Elements._paragraph,
    "Heading": Elements._heading,
    "List": Elements._list,
    "Table": Elements._table,
    "TableCell": Elements._cell,
    "Link": Elements._link,
    "Image": Elements._image,
}


def _is_within(target: str) -> bool:
    return scheme(target) == "page" or (is_safe(target) and not scheme(target))


def _unique(name: str, taken: set[str], between: str = "-") -> str:
    number, one = 1, name
    while one in taken:
        number += 1
        one = f"{name}{between}{number}"
    taken.add(one)
    return one
