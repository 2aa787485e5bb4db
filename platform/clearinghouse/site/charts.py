"""Small charts that need no script: horizontal bars in SVG, mirrored for scripts from right to left."""

import math
from collections.abc import Iterator, Sequence

from clearinghouse.site.drawing import Told, drawing, length, number, shortened, words
from clearinghouse.site.safe import escaped

_WIDTH, _EDGE = 340.0, 12.0
_ROW, _HEAD, _BAR, _LEGEND = 46.0, 20.0, 14.0, 28.0
_GAP = 8.0

Bar = tuple[str, float, str]
"""What it stands for, how much it is, and how that is written in the reader's language."""
Share = tuple[str, float, float, str]
"""What it stands for, the whole, the part of it, and how both are written in the reader's language."""


def bars(rows: Sequence[Bar], *, title: str, description: str, direction: str) -> str:
    """A bar a row, the longest as wide as the drawing.

    Args:
        rows: from top to bottom; figures below 0 or without a value have no bar.
        title: what the chart is called.
        description: what is to be seen on it; the rows are told after it, for those who do not see them.
        direction: `ltr` or `rtl`.

    Returns:
        SVG to be put into HTML, "" without rows.
    """
    whole = [(label, value, 0.0, shown) for label, value, shown in rows]
    return _chart(whole, (), title=title, description=description, direction=direction)


def shares(
    rows: Sequence[Share], *, title: str, description: str, direction: str, legend: tuple[str, str]
) -> str:
    """A bar a row with a part of it in another colour, such as known and threatened species.

    Args:
        rows: from top to bottom.
        title: what the chart is called.
        description: what is to be seen on it; the rows are told after it.
        direction: `ltr` or `rtl`.
        legend: what the whole and what the part is called.

    Returns:
        SVG to be put into HTML, "" without rows.
    """
    return _chart(rows, legend, title=title, description=description, direction=direction)


def _chart(
    rows: Sequence[Share], legend: Sequence[str], *, title: str, description: str, direction: str
) -> str:
    if not rows:
        return ""
    top = _EDGE + (_LEGEND if legend else 0.0)
    most = max([_figure(whole) for _, whole, _, _ in rows]) or 1.0
    parts = [*_legend(legend, direction)]
    for place, row in enumerate(rows):
        parts.append(_row(row, most, top + place * _ROW, direction))
    told = "; ".join(f"{label}: {shown}" for label, _, _, shown in rows)
    about = Told(title, f"{description} {told}".strip())
    size = (_WIDTH + 2 * _EDGE, top + len(rows) * _ROW)
    return drawing(about, size, "".join(parts), kind="chart", direction=direction)


def _row(row: Share, most: float, top: float, direction: str) -> str:
    label, whole, part, shown = row
    full = _figure(whole) / most * _WIDTH
    marked = min(_figure(part) / most * _WIDTH, full)
    figure = shortened(shown, _WIDTH / 2)
    name = shortened(label, _WIDTH - length(figure) - _GAP)
    return (
        f"<g><title>{escaped(label)}: {escaped(shown)}</title>"
        + words(_at(0, direction), top + _HEAD - 6, name, "name")
        + words(_at(_WIDTH, direction), top + _HEAD - 6, figure, "amount", "end")
        + _bar("whole", full, top + _HEAD, direction)
        + (_bar("part", marked, top + _HEAD, direction) if marked else "")
        + "</g>"
    )


def _bar(kind: str, width: float, top: float, direction: str) -> str:
    left = _at(0, direction) - (width if direction == "rtl" else 0)
    return (
        f'<rect class="{kind}" x="{number(left)}" y="{number(top)}"'
        f' width="{number(width)}" height="{number(_BAR)}"/>'
    )


def _legend(names: Sequence[str], direction: str) -> Iterator[str]:
    start = 0.0
    for kind, name in zip(("whole", "part"), names, strict=False):
        short = shortened(name, _WIDTH / 2 - 28)
        left = _at(start, direction) - (12 if direction == "rtl" else 0)
        yield f'<rect class="{kind}" x="{number(left)}" y="{number(_EDGE)}" width="12" height="12"/>'
        yield words(_at(start + 18, direction), _EDGE + 11, short, "name")
        start += 18 + length(short) + 2 * _GAP


def _at(distance: float, direction: str) -> float:
    """Where something is that far from the side where reading starts."""
    return _EDGE + (_WIDTH - distance if direction == "rtl" else distance)


def _figure(value: float) -> float:
    return max(0.0, float(value)) if math.isfinite(value) else 0.0
