"""A partner's Markdown to HTML that is safe to show, and to plain text.

Markdown is CommonMark 0.31 with the tables and the struck-out text of GitHub; HTML in it is shown as text.
Nothing that the partner writes becomes a tag: tokens are made safe first, and nh3 goes over the result.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from clearinghouse.site.safe import SCHEMES, escaped, is_external, is_safe, scheme

Links = Callable[[str], str]
"""From a target within the site, as in `page:about`, `files/x.pdf` or `news/slug`, to its address."""
Pictures = Callable[[str, str], str]
"""From a picture's path, as in `images/forest.jpg`, and its alternative text to HTML that is ready."""

_IMAGE = re.compile(r"images(/[A-Za-z0-9_][A-Za-z0-9._-]*){1,6}")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:", re.MULTILINE)
# An address cannot hold a quotation mark unescaped, nor text a `<`: only a tag of ours looks so.
_PLACE = re.compile(r'<img src="(\d+)">')
_LONGEST_ID = 80
_TAKEN = ("main", "q", "total")  # ids that the page itself has
_ALIGNMENTS = {"text-align:left": "start", "text-align:center": "centre", "text-align:right": "end"}
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
    **dict.fromkeys(["td", "th"], frozenset(_ALIGNMENTS.values())),
}


def html(
    markdown: str,
    *,
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
        links: gives the address of a target within the site, without query and fragment, or nothing where
            there is none; left out, targets stay as they are.
        pictures: gives a picture's HTML, phrasing content, trusted; left out, a plain img.
        prefix: comes before each id, for several texts on one page.
        table: the word for tables, in the text's language; tables without headings are called so.

    Returns:
        HTML for a block, "" for no text.
    """
    draft = _Draft(links or str, pictures or _image, prefix, table)
    parser = _parser()
    tokens = list(draft.adapted(parser.parse(markdown)))
    clean = _cleaner().clean(parser.renderer.render(tokens, parser.options, {}))
    return _PLACE.sub(lambda place: draft.pictures[int(place[1])], clean)


def plain(markdown: str, longest: int) -> str:
    """The running text without marks, headings, tables, code and pictures, in one line.

    Args:
        markdown: the text.
        longest: how many characters it may have at most; it ends with `…` where some were left out.
    """
    tokens = _parser().parse(_beginning(markdown, longest))
    text = " ".join(" ".join(_paragraphs(tokens)).split())
    return text if len(text) <= longest else _cut(text, longest - 1).rstrip(" ,;:–—-") + "…"


def slug(text: str) -> str:
    """A text as part of an address: its letters, their marks and its digits, in small, others as hyphens."""
    small = unicodedata.normalize("NFC", text.casefold())
    kept = "".join(letter if _is_kept(letter) else " " for letter in small)
    return "-".join(kept.split())[:_LONGEST_ID].strip("-")


def _is_kept(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _image(source: str, alternative: str) -> str:
    return f'<img src="{escaped(source)}" alt="{escaped(alternative)}" loading="lazy">'


@dataclass
class _Draft:
    """A text on its way: its tokens are adapted one after the other."""

    address: Links
    picture: Pictures
    prefix: str
    table: str
    pictures: list[str] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    ids: set[str] = field(default_factory=lambda: set(_TAKEN))
    labels: set[str] = field(default_factory=set)

    def adapted(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """All tokens, adapted."""
        for place, token in enumerate(tokens):
            if token.type == "inline":
                yield self._inline(token, is_alone=tokens[place - 1].tag == "figure")
            elif token.type == "table_open":
                yield from (self._region(tokens, place), token)
            elif token.type == "table_close":
                yield from (token, Token("region_close", "div", -1, block=True))
            else:
                self._change(tokens, place)
                yield token

    def _change(self, tokens: Sequence[Token], place: int) -> None:
        token = tokens[place]
        match token.type:
            case "heading_open":
                self._heading(token, tokens[place + 1], tokens[place + 2])
            case "paragraph_open" if _is_lone_picture(tokens[place + 1]) and not token.hidden:
                token.tag = tokens[place + 2].tag = "figure"
            case "th_open" | "td_open":
                _cell(token, tokens[place + 1], tokens[place + 2])

    def _heading(self, opening: Token, text: Token, closing: Token) -> None:
        level = int(opening.tag[1])
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
        self.levels.append(level)
        opening.tag = closing.tag = f"h{min(1 + len(self.levels), 6)}"
        name = self.prefix + (slug(_text(text.children)) or "section")
        opening.attrs["id"] = _unique(name, self.ids)

    def _region(self, tokens: Sequence[Token], place: int) -> Token:
        label = _unique(", ".join(_head(tokens, place)) or self.table, self.labels, " ")
        attributes: dict[str, str | int | float] = {
            "class": "table",
            "role": "region",
            "tabindex": "0",
            "aria-label": label,
        }
        return Token("region_open", "div", 1, attrs=attributes, block=True)

    def _inline(self, token: Token, *, is_alone: bool) -> Token:
        children: list[Token] = []
        is_dropped = False
        for child in token.children or ():
            match child.type:
                case "link_open":
                    is_dropped = not self._link(child)
                    children += [] if is_dropped else [child]
                case "link_close":
                    children += [] if is_dropped else [child]
                case "image":
                    children.append(self._picture(child, is_alone=is_alone))
                case "s_open" | "s_close":
                    child.tag = "del"
                    children.append(child)
                case _:
                    children.append(child)
        token.children = children
        return token

    def _link(self, token: Token) -> bool:
        """Set a link's address; whether it may stay a link."""
        target = str(token.attrs["href"])
        address = self._within(target) if _is_within(target) else target
        if not address or not is_safe(address):
            return False
        token.attrs["href"] = address
        if is_external(address):
            token.attrs["rel"] = "noopener"
        return True

    def _within(self, target: str) -> str:
        name = re.split(r"[?#]", target, maxsplit=1)[0]
        if not name:
            return target.replace("#", f"#{self.prefix}", 1)
        found = self.address(name)
        return found and found + target[len(name) :]

    def _picture(self, token: Token, *, is_alone: bool) -> Token:
        source, alternative = str(token.attrs["src"]), _text(token.children)
        if not _is_picture(token):
            return Token("text", "", 0, content=alternative)
        title = str(token.attrs.get("title", ""))
        caption = f"<figcaption>{escaped(title)}</figcaption>" if title and is_alone else ""
        self.pictures.append(self.picture(source, alternative) + caption)
        return Token("picture", "img", 0, attrs={"src": str(len(self.pictures) - 1)})


def _is_within(target: str) -> bool:
    return scheme(target) == "page" or (is_safe(target) and not scheme(target))


def _is_picture(token: Token) -> bool:
    return token.type == "image" and _IMAGE.fullmatch(str(token.attrs["src"])) is not None


def _is_lone_picture(inline: Token) -> bool:
    children = inline.children or []
    return len(children) == 1 and _is_picture(children[0])


def _cell(opening: Token, text: Token, closing: Token) -> None:
    style = opening.attrs.pop("style", None)
    if style:
        opening.attrs["class"] = _ALIGNMENTS[str(style)]
    if opening.tag == "th" and not text.content:
        opening.tag = closing.tag = "td"  # a heading that says nothing is none
    elif opening.tag == "th":
        opening.attrs["scope"] = "col"


def _head(tokens: Sequence[Token], place: int) -> Iterator[str]:
    for number in range(place, len(tokens)):
        if tokens[number].type == "thead_close":
            return
        if tokens[number].type == "th_open" and (text := _text(tokens[number + 1].children).strip()):
            yield text


def _unique(name: str, taken: set[str], between: str = "-") -> str:
    number, one = 1, name
    while one in taken:
        number += 1
        one = f"{name}{between}{number}"
    taken.add(one)
    return one


def _text(children: Sequence[Token] | None) -> str:
    """The text of a line's parts; a picture's is its alternative text."""
    return "".join(_words(child) for child in children or ())


def _words(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return _text(token.children)


def _paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if token.type == "inline" and tokens[place - 1].type == "paragraph_open":
            yield _text([child for child in token.children or () if child.type != "image"])


def _beginning(markdown: str, longest: int) -> str:
    """Enough of a text to sum it up, for speed; whole blocks, and all where addresses are defined below."""
    end = markdown.find("\n\n", longest * 4)
    return markdown if end < 0 or _DEFINITION.search(markdown, end) else markdown[:end]


def _cut(text: str, longest: int) -> str:
    """The beginning of a text, up to the end of a word, or at least not between a letter and its marks."""
    space = text.rfind(" ", longest // 2, longest + 1)
    if space > 0:
        return text[:space]
    end = max(longest, 0)
    while end and (unicodedata.category(text[end])[0] == "M" or "\u200d" in text[end - 1 : end + 1]):
        end -= 1
    return text[:end]
