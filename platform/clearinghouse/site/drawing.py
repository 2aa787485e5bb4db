"""SVG that stands in a page (SVG 2), without styles and scripts.

The site's Content-Security-Policy allows no style in the page, so drawings have classes and presentation
attributes only. Numbers have one decimal at most: the same figures give the same bytes.
"""

import hashlib
import unicodedata
from dataclasses import dataclass

from clearinghouse.site.safe import escaped

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Told:
    """What a drawing is called, and what is to be seen on it, for those who do not see it."""

    title: str
    description: str


def drawing(
    told: Told, size: tuple[float, float], inner: str, *, kind: str, role: str = "img", direction: str = "ltr"
) -> str:
    """An SVG element.

    Args:
        told: its text alternative.
        size: width and height, in CSS pixels where there is room for them.
        inner: what is in it, ready SVG.
        kind: its class.
        role: `img`, or `group` where there are links in it.
        direction: `ltr` or `rtl`, that of its texts; the side where `start` is.
    """
    whole = f"{kind}{told.title}{told.description}{inner}"
    name = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:8]  # an id that no other drawing has
    width, height = map(number, size)
    return (
        f'<svg class="{kind}" role="{role}" aria-labelledby="t{name}" aria-describedby="d{name}"'
        f' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' direction="{direction}" fill="currentColor">'
        f'<title id="t{name}">{escaped(told.title)}</title>'
        f'<desc id="d{name}">{escaped(told.description)}</desc>{inner}</svg>'
    )


def number(value: float) -> str:
    """A number with one decimal at most, `12`, `3.5`, never `-0`."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0: a zero without a minus


def words(x: float, y: float, text: str, kind: str, anchor: str = "start", size: int = 14) -> str:
    """A line of text; `anchor` is start, middle or end, in the direction of the drawing."""
    where = f'class="{kind}" x="{number(x)}" y="{number(y)}" font-size="{size}"'
    return f'<text {where} text-anchor="{anchor}">{escaped(text)}</text>'


def length(text: str, size: int = 14) -> float:
    """About how wide a line is, in pixels; rather too much, as nobody knows the reader's font."""
    return sum(map(_share, text)) * size


def shortened(text: str, widest: float, size: int = 14) -> str:
    """A line that is at most about so wide, in pixels, ended by `…` where it was longer."""
    if length(text, size) <= widest:
        return text
    kept, room = "", widest - size
    for letter in text:
        room -= _share(letter) * size
        if room < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have something in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _share(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.72 if letter.isupper() else 0.55
