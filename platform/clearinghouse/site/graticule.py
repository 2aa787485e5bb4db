"""The paper of a map: where a place is on it, lines of latitude and longitude, and a scale bar."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clearinghouse.site.drawing import Box, length, number, overlap, words

Compass = tuple[str, str, str, str]
"""North, south, east and west, as short as they are on maps."""

KILOMETRES = 111.195
"""A degree of latitude, on a sphere of 6,371 km (the mean radius, IUGG)."""
_STEPS = (60.0, 30.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1)
_SIZE = 11
_LARGE = 20
"""The scale's size on phones, which the style sheet gives it: there is room for it."""
_LINE = 'stroke="currentColor" stroke-opacity=".2" fill="none"'


@dataclass(frozen=True)
class Sheet:
    """The part of the world that a map shows.

    Attributes:
        west: degrees east of its left side; more than 180 for a map that goes on beyond the date line.
        north: degrees north of its upper side.
        scale: pixels of a degree of latitude.
        squeeze: how much narrower a degree of longitude is.
        width: in pixels.
        height: in pixels.
    """

    west: float
    north: float
    scale: float
    squeeze: float
    width: float
    height: float

    @property
    def east(self) -> float:
        """Degrees east of its right side."""
        return self.west + self.width / self.scale / self.squeeze

    @property
    def south(self) -> float:
        """Degrees north of its lower side."""
        return self.north - self.height / self.scale

    def x(self, longitude: float) -> float:
        """Pixels from the left."""
        return (longitude - self.west) % 360 * self.scale * self.squeeze

    def y(self, latitude: float) -> float:
        """Pixels from above."""
        return (self.north - latitude) * self.scale

    def pixels(self, kilometres: float) -> float:
        """How long a distance is on it."""
        return kilometres / KILOMETRES * self.scale

    def holds(self, box: Box) -> bool:
        """Whether a box lies on it."""
        return box[0] >= 0 and box[1] >= 0 and box[2] <= self.width and box[3] <= self.height


def graticule(sheet: Sheet, compass: Compass) -> tuple[str, list[Box]]:
    """Lines of latitude and longitude with their degrees, and the boxes that the degrees take."""
    north, south, east, west = compass
    step = _step(min(sheet.north - sheet.south, (sheet.east - sheet.west) * sheet.squeeze))
    drawn: list[str] = []
    taken: list[Box] = []
    for latitude in _round(max(sheet.south, -90.0), min(sheet.north, 90.0), step):
        y = sheet.y(latitude)
        drawn.append(f'<path d="M0 {number(y)}H{number(sheet.width)}" {_LINE}/>')
        if 2 * _SIZE < y < sheet.height - 2 * _SIZE:
            drawn.append(_degree(4, y - 3, _degrees(latitude, north, south), taken))
    for longitude in _round(sheet.west, min(sheet.east, sheet.west + 359), step):
        x = sheet.x(longitude)
        drawn.append(f'<path d="M{number(x)} 0V{number(sheet.height)}" {_LINE}/>')
        shown = _degrees((longitude + 180) % 360 - 180, east, west)
        if x + 3 + length(shown, _SIZE) < sheet.width:
            drawn.append(_degree(x + 3, _SIZE + 2, shown, taken))
    return "".join(drawn), taken


def scale_bar(sheet: Sheet, kilometre: str, taken: Sequence[Box]) -> tuple[str, Box]:
    """A bar of a round length in a lower corner, right or else left, and the box that it takes."""
    longest = sheet.width / 4 / sheet.pixels(1)
    power = 10.0 ** math.floor(math.log10(longest))
    kilometres = next(factor * power for factor in (5, 2, 1) if factor * power <= longest)
    shown, long, low = f"{kilometres:g} {kilometre}", sheet.pixels(kilometres), sheet.height - 10
    half = max(long, length(shown, _LARGE)) / 2
    places = [
        (middle - half, low - 10 - _LARGE, middle + half, sheet.height)
        for middle in (sheet.width - 10 - half, 10 + half)
    ]
    box = next((place for place in places if not any(overlap(place, other) for other in taken)), places[0])
    middle = (box[0] + box[2]) / 2
    bar = f"M{number(middle - long / 2)} {number(low - 5)}V{number(low)}h{number(long)}v-5"
    drawn = f'<path d="{bar}" stroke="currentColor" fill="none"/>'
    return drawn + words(middle, low - 8, shown, "scale", "middle", _SIZE), box


def _degree(x: float, y: float, shown: str, taken: list[Box]) -> str:
    taken.append((x, y - _SIZE, x + length(shown, _SIZE), y + 3))
    return words(x, y, shown, "degree", "start", _SIZE)


def _step(span: float) -> float:
    """How far lines are apart, in degrees: two at least on the shorter side."""
    return next((step for step in _STEPS if step * 2 <= span), _STEPS[-1])


def _round(low: float, high: float, step: float) -> Iterator[float]:
    """The multiples of a step within bounds."""
    for count in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield count * step


def _degrees(value: float, above: str, below: str) -> str:
    figure = f"{abs(round(value, 1)):g}°"
    if figure in ("0°", "180°"):
        return figure
    return f"{figure}\u00a0{above if value > 0 else below}"
