"""A map of places in plain SVG, from nothing but their coordinates: no tiles, no third party, no borders.

Equirectangular: degrees of longitude are narrowed by the cosine of the map's middle latitude, which keeps
distances true enough within a country.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clearinghouse.site.drawing import Box, Told, drawing, length, number, overlap, words
from clearinghouse.site.graticule import Compass, Sheet, graticule, scale_bar
from clearinghouse.site.safe import escaped, is_safe

_WIDTH, _LOWEST, _HIGHEST = 480.0, 240.0, 600.0
_MARGIN = 0.15  # of the places' extent, on each side
_LEAST = 0.5  # degrees of latitude on a map of one place
_DOT, _TOUCH, _SIZE = 4.5, 13.0, 14
_LARGE = 20
"""Of numbers on phones, where a map is little more than half as large as it is drawn."""
_RINGS, _WAYS = (4.0, 14.0, 28.0), 16
"""How far from its dot a number may stand, and on how many sides of it."""


@dataclass(frozen=True)
class Point:
    """A place.

    Attributes:
        name: what it is called.
        latitude: degrees north, -90 to 90.
        longitude: degrees east, -180 to 180.
        area_km2: its area in square kilometres; drawn to scale, as a circle, where that can be seen.
        href: where its page is.
        number: its place in the list that stands beside the map.
    """

    name: str
    latitude: float
    longitude: float
    area_km2: float | None = None
    href: str | None = None
    number: int | None = None


def points_map(
    points: Sequence[Point],
    *,
    title: str,
    description: str,
    compass: Compass = ("N", "S", "E", "W"),
    kilometre: str = "km",
) -> str:
    """A map of places, each with its name where there is room for it, and a link where it has a page.

    A place with a number has it in two ways, of which the style sheet shows one: in place of a name for which
    there is no room (class `spare`), and large, in place of all names, for phones (class `number`).

    Args:
        points: the places.
        title: what the map is called.
        description: what is to be seen on it, such as the names of the places.
        compass: north, south, east and west in the reader's language, as short as they are on maps.
        kilometre: the unit, as it is written in the reader's language.

    Returns:
        SVG to be put into HTML, "" without places. Maps are not mirrored for scripts from right to left.
    """
    if not points:
        return ""
    ordered = sorted(
        points, key=lambda each: (-(each.area_km2 or 0), each.name, each.latitude, each.longitude)
    )
    sheet = _sheet(ordered)
    lines, degrees = graticule(sheet, compass)
    areas = [_around(*_middle(point, sheet), _radius(point, sheet)) for point in ordered]
    bar, bar_box = scale_bar(sheet, kilometre, [*degrees, *areas])
    has_links = any(_address(point) for point in ordered)
    return drawing(
        Told(title, description),
        (sheet.width, sheet.height),
        lines + bar + "".join(_places(ordered, sheet, degrees, bar_box)),
        kind="map",
        role="group" if has_links else "img",
    )


def _sheet(points: Sequence[Point]) -> Sheet:
    """The paper that all places are on, with a margin."""
    first = _first_longitude(points)
    easts = [(float(point.longitude) - first) % 360 for point in points]
    norths = [float(point.latitude) for point in points]
    middle = (min(norths) + max(norths)) / 2
    squeeze = math.cos(math.radians(min(abs(middle), 85.0)))
    tall = max((max(norths) - min(norths)) * (1 + 2 * _MARGIN), _LEAST)
    wide = max(max(easts) * (1 + 2 * _MARGIN) * squeeze, _LEAST)
    height = min(max(_WIDTH * tall / wide, _LOWEST), _HIGHEST)
    scale = min(_WIDTH / wide, height / tall)
    return Sheet(
        west=first + max(easts) / 2 - _WIDTH / scale / squeeze / 2,
        north=middle + height / scale / 2,
        scale=scale,
        squeeze=squeeze,
        width=_WIDTH,
        height=height,
    )


def _first_longitude(points: Sequence[Point]) -> float:
    """The westernmost longitude: the one after the widest gap, for countries on both sides of 180°."""
    around = sorted({float(point.longitude) for point in points})
    gaps = [(around[place] - around[place - 1]) % 360 for place in range(len(around))]
    return around[gaps.index(max(gaps))]


def _places(points: Sequence[Point], sheet: Sheet, degrees: Sequence[Box], bar: Box) -> Iterator[str]:
    """The places, the largest first so that the smaller lie on it; names go where nothing is yet."""
    dots = [_around(*_middle(point, sheet), _DOT + 3) for point in points]
    areas = [_around(*_middle(point, sheet), _radius(point, sheet)) for point in points]
    named: list[Box] = []
    names = [_name(point, sheet, [*degrees, bar, *areas], named) for point in points]
    around_spares, around_numbers = [*degrees, bar, *dots, *named], [bar, *dots]
    for point, name in zip(points, names, strict=True):
        spare = "" if name else _number(point, sheet, around_spares, "spare", _SIZE)
        large = _number(point, sheet, around_numbers, "number", _LARGE)
        yield _place(point, _circles(point, sheet) + name + spare + large)


def _middle(point: Point, sheet: Sheet) -> tuple[float, float]:
    return sheet.x(float(point.longitude)), sheet.y(float(point.latitude))


def _radius(point: Point, sheet: Sheet) -> float:
    """That of the circle as large as the place, at least the dot's."""
    radius = sheet.pixels(math.sqrt((point.area_km2 or 0) / math.pi))
    return radius if _DOT < radius < sheet.width / 4 else _DOT


def _place(point: Point, drawn: str) -> str:
    name = escaped(point.name)
    if address := _address(point):
        label = name if point.number is None else f"{point.number}. {name}"
        return f'<a href="{escaped(address)}" aria-label="{label}"><title>{name}</title>{drawn}</a>'
    return f"<g><title>{name}</title>{drawn}</g>"


def _address(point: Point) -> str:
    return point.href if point.href and is_safe(point.href) else ""


def _circles(point: Point, sheet: Sheet) -> str:
    (x, y), radius = _middle(point, sheet), _radius(point, sheet)
    where = f'cx="{number(x)}" cy="{number(y)}"'
    area = f'<circle class="area" {where} r="{number(radius)}"/>' if radius > _DOT else ""
    # A finger needs more room than the dot has (WCAG 2.2, 2.5.8).
    touch = (
        f'<circle {where} r="{number(_TOUCH)}" fill="none" pointer-events="all"/>' if _address(point) else ""
    )
    return f'{area}{touch}<circle class="place" {where} r="{number(_DOT)}"/>'


def _name(point: Point, sheet: Sheet, taken: Sequence[Box], named: list[Box]) -> str:
    """The name beside its place; none where it would lie on something or leave the map."""
    (x, y), wide, away = _middle(point, sheet), length(point.name, _SIZE), _radius(point, sheet) + 4
    tries = (
        (x + away, y + 5, "start", x + away),
        (x - away, y + 5, "end", x - away - wide),
        (x, y - away - 2, "middle", x - wide / 2),
        (x, y + away + 11, "middle", x - wide / 2),
    )
    for left, base, anchor, begin in tries:
        box = (begin, base - _SIZE, begin + wide, base + 4)
        if sheet.holds(box) and not any(overlap(box, other) for other in (*taken, *named)):
            named.append(box)
            return words(left, base, point.name, "name", anchor, _SIZE)
    return ""


def _number(point: Point, sheet: Sheet, taken: list[Box], kind: str, size: int) -> str:
    """The number near its dot, with a line to it where it is not beside it; none where there is no room."""
    if point.number is None:
        return ""
    (x, y), shown = _middle(point, sheet), str(point.number)
    half, high = length(shown, size) / 2, size * 0.4
    for ring in _RINGS:
        for way in range(_WAYS):
            turn = 2 * math.pi * way / _WAYS
            there_x = x + math.cos(turn) * (_DOT + ring + half)
            there_y = y + math.sin(turn) * (_DOT + ring + high)
            box = (there_x - half, there_y - high, there_x + half, there_y + high)
            if sheet.holds(box) and not any(overlap(box, other) for other in taken):
                taken.append(box)
                line = _line((x, y), (there_x, there_y), box) if ring > _RINGS[0] else ""
                drawn = words(there_x, there_y + size * 0.36, shown, "digits", "middle", size)
                return f'<g class="{kind}">{line}{drawn}</g>'
    return ""


def _line(start: tuple[float, float], end: tuple[float, float], box: Box) -> str:
    """From a dot to the edge of a number's box."""
    wide, tall = end[0] - start[0], end[1] - start[1]
    share = 1 - min((box[2] - box[0]) / 2 / max(abs(wide), 0.1), (box[3] - box[1]) / 2 / max(abs(tall), 0.1))
    to = f"{number(start[0] + wide * share)} {number(start[1] + tall * share)}"
    return f'<path d="M{number(start[0])} {number(start[1])}L{to}" stroke="currentColor" fill="none"/>'


def _around(x: float, y: float, radius: float) -> Box:
    return (x - radius, y - radius, x + radius, y + radius)
