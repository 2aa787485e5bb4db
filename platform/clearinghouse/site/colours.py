"""All colours of a site from the partner's one or two, each corrected until it can be read.

Contrast is that of WCAG 2.2 (relative luminance, 1.4.3 and 1.4.11). Colours are corrected in OKLCH, where
lightness changes without the hue (B. Ottosson, "A perceptual color space for image processing", 2020).
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from clearinghouse.errors import Trouble

_GREEN, _OCHRE, _WHITE = "#17603f", "#b0741a", "#ffffff"
_TEXT, _GRAPHIC, _LONG_TEXT = 4.5, 3.0, 7.0
_Rgb = tuple[float, float, float]
_Test = Callable[[str], bool]


@dataclass(frozen=True)
class Ground:
    """What the style sheet fixes itself (its layer `tokens`): surfaces and the text on them."""

    page: str
    ink: str
    quiet: str
    edge: str
    warn: str


LIGHT = Ground(page="#fdfcf9", ink="#1b231e", quiet="#525d56", edge="#727c75", warn="#fdf0cf")
DARK = Ground(page="#121815", ink="#e7ebe6", quiet="#a9b4ad", edge="#859089", warn="#3a2f12")


@dataclass(frozen=True)
class Scheme:
    """The partner's colours on a light or a dark page, each `#rrggbb`.

    Attributes:
        primary: a surface: lead panel, buttons, footer.
        on_primary: text on it, 7:1.
        link: links and bars, 4.5:1 on every surface of the page.
        accent: lines and second bars, 3:1 on page and tint.
        tint: a pale surface; text 7:1, quiet text 4.5:1 and edges 3:1 on it.
        line: thin rules, decoration only.
    """

    primary: str
    on_primary: str
    link: str
    accent: str
    tint: str
    line: str


@dataclass(frozen=True)
class Palette:
    """The colours of a site."""

    light: Scheme
    dark: Scheme


def palette(colours: Sequence[str]) -> Palette:
    """The colours of a site.

    Args:
        colours: the partner's main colour, and one for accents or none, each `#rrggbb`.

    Raises:
        Trouble: one is written in another way.
    """
    main = _written(_rgb(colours[0]))
    accent = _written(_rgb(colours[1])) if len(colours) > 1 else _companion(main)
    return Palette(_light(main, accent), _dark(main, accent))


def css(colours: Palette) -> str:
    """The palette as a style sheet, to be put after site.css.

    It adds to the layer of the tokens, so that what site.css says for print, in a later layer, still holds.
    """
    light, dark = _properties(colours.light), _properties(colours.dark)
    return f"@layer tokens{{:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}}}"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _properties(scheme: Scheme) -> str:
    return ";".join(
        f"--{field.name.replace('_', '-')}:{getattr(scheme, field.name)}" for field in fields(scheme)
    )


def _companion(main: str) -> str:
    """An accent for a site with one colour: ochre, or green beside what is much like ochre."""
    _, chroma, hue = _oklch(main)
    away = abs((hue - _oklch(_OCHRE)[2] + 180) % 360 - 180)
    return _GREEN if chroma > 0.05 and away < 40 else _OCHRE


def _light(main: str, accent: str) -> Scheme:
    _, chroma, hue = _oklch(main)
    tint = _corrected(_colour(0.957, min(chroma, 0.012), hue), 1, _carries_text(LIGHT))
    on_primary = max(_WHITE, LIGHT.ink, key=lambda text: contrast(text, main))
    return Scheme(
        primary=_corrected(main, 0 if on_primary == _WHITE else 1, _differs(_LONG_TEXT, on_primary)),
        on_primary=on_primary,
        link=_corrected(main, 0, _differs(_TEXT, LIGHT.page, LIGHT.warn, tint)),
        accent=_corrected(accent, 0, _differs(_GRAPHIC, LIGHT.page, tint)),
        tint=tint,
        line=_colour(0.88, min(chroma, 0.013), hue),
    )


def _dark(main: str, accent: str) -> Scheme:
    lightness, chroma, hue = _oklch(main)
    tint = _corrected(_colour(0.25, min(chroma, 0.016), hue), 0, _carries_text(DARK))
    surface = _colour(min(lightness, 0.41), min(chroma, 0.09), hue)
    bright = _colour(max(lightness, 0.8), min(chroma, 0.1), hue)
    return Scheme(
        primary=_corrected(surface, 0, _differs(_LONG_TEXT, _WHITE)),
        on_primary=_WHITE,
        link=_corrected(bright, 1, _differs(_TEXT, DARK.page, DARK.warn, tint)),
        accent=_corrected(_lifted(accent, 0.74), 1, _differs(_GRAPHIC, DARK.page, tint)),
        tint=tint,
        line=_colour(0.35, min(chroma, 0.02), hue),
    )


def _lifted(colour: str, least: float) -> str:
    lightness, chroma, hue = _oklch(colour)
    return colour if lightness >= least else _colour(least, chroma, hue)


def _differs(least: float, *others: str) -> _Test:
    return lambda colour: all(contrast(colour, other) >= least for other in others)


def _carries_text(ground: Ground) -> _Test:
    texts = ((_LONG_TEXT, ground.ink), (_TEXT, ground.quiet), (_GRAPHIC, ground.edge))
    return lambda colour: all(contrast(colour, text) >= least for least, text in texts)


def _corrected(colour: str, towards: float, holds: _Test) -> str:
    """The colour itself, or the nearest in lightness that holds; `towards` is 0 for black, 1 for white."""
    if holds(colour):
        return colour
    lightness, chroma, hue = _oklch(colour)
    steps = math.ceil(abs(towards - lightness) * 200)
    tries = (
        _colour(lightness + (towards - lightness) * step / steps, chroma, hue) for step in range(1, steps)
    )
    return next(filter(holds, tries), _written((towards, towards, towards)))


def _rgb(colour: str) -> _Rgb:
    if not re.fullmatch("#[0-9A-Fa-f]{6}", colour):
        raise Trouble(
            f"{colour!r} is not a colour: write it as # and six digits or letters, such as {_GREEN}."
        )
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(colour: _Rgb) -> str:
    """Red, green and blue, each from 0 to 1, as `#rrggbb`."""
    return "#" + "".join(f"{round(255 * min(max(part, 0.0), 1.0)):02x}" for part in colour)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * math.pow(part, 1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = map(_linear, _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> tuple[float, float, float]:
    """Lightness from 0 to 1, chroma, and hue in degrees."""
    r, g, b = map(_linear, _rgb(colour))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _colour(lightness: float, chroma: float, hue: float) -> str:
    """The colour of a lightness and hue, as strong as asked or as screens can show it."""
    whole = _linear_rgb(lightness, chroma, hue)
    low, high = (chroma, chroma) if _is_shown(whole) else (0.0, chroma)
    for _ in range(12 if low < high else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if _is_shown(_linear_rgb(lightness, middle, hue)) else (low, middle)
    red, green, blue = (_gamma(max(part, 0.0)) for part in _linear_rgb(lightness, low, hue))
    return _written((red, green, blue))


def _linear_rgb(lightness: float, chroma: float, hue: float) -> _Rgb:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_shown(colour: _Rgb) -> bool:
    return all(-1e-6 <= part <= 1 + 1e-6 for part in colour)
