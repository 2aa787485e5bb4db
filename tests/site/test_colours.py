"""A site's colours: every one that a partner can choose gives pages that can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearinghouse.error_pages import TEMPLATES
from clearinghouse.errors import Trouble
from clearinghouse.site.colours import DARK, LIGHT, Ground, Scheme, contrast, css, palette

ANY = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
CHOICES = st.lists(ANY, min_size=1, max_size=2)
EXTREMES = ("#000000", "#ffffff", "#ffff00", "#00ff00", "#0000ff", "#ff0000", "#00ffff", "#ff00ff", "#777777")


def assert_readable(scheme: Scheme, ground: Ground) -> None:
    assert contrast(scheme.on_primary, scheme.primary) >= 7
    for surface in (ground.page, ground.warn, scheme.tint):
        assert contrast(scheme.link, surface) >= 4.5
        assert contrast(ground.ink, surface) >= 7
    for surface in (ground.page, scheme.tint):
        assert contrast(scheme.accent, surface) >= 3
        assert contrast(ground.quiet, surface) >= 4.5
        assert contrast(ground.edge, surface) >= 3


@given(CHOICES)
def test_every_choice_can_be_read(colours: list[str]) -> None:
    found = palette(colours)
    assert_readable(found.light, LIGHT)
    assert_readable(found.dark, DARK)


@pytest.mark.parametrize("one", EXTREMES)
@pytest.mark.parametrize("other", EXTREMES)
def test_extreme_choices_can_be_read(one: str, other: str) -> None:
    found = palette([one, other])
    assert_readable(found.light, LIGHT)
    assert_readable(found.dark, DARK)


@given(CHOICES)
def test_the_style_sheet_holds_colours_and_nothing_else(colours: list[str]) -> None:
    scheme = r":root\{--primary:C;--on-primary:C;--link:C;--accent:C;--tint:C;--line:C\}".replace(
        "C", "#[0-9a-f]{6}"
    )
    whole = r"@layer tokens\{" + scheme + r"@media \(prefers-color-scheme:dark\)\{" + scheme + r"\}\}"
    assert re.fullmatch(whole, css(palette(colours)))


@given(CHOICES)
def test_colours_are_the_same_however_they_are_written(colours: list[str]) -> None:
    assert palette([colour.upper() for colour in colours]) == palette(colours)


def test_colours_that_can_be_read_stay_as_they_are() -> None:
    light = palette(["#17603f", "#b0741a"]).light
    assert (light.primary, light.link, light.accent, light.on_primary) == (
        "#17603f",
        "#17603f",
        "#b0741a",
        "#ffffff",
    )


def test_a_light_colour_stays_and_carries_dark_text() -> None:
    light = palette(["#fcd116"]).light
    assert (light.primary, light.on_primary) == ("#fcd116", LIGHT.ink)
    assert contrast(light.link, LIGHT.page) < 5.5


def test_dark_pages_have_dark_surfaces() -> None:
    for colour in EXTREMES:
        dark = palette([colour]).dark
        assert contrast(dark.primary, "#ffffff") >= 7
        assert contrast(dark.tint, "#ffffff") >= 10


def test_one_colour_gets_an_accent_of_another_hue() -> None:
    assert palette(["#17603f"]).light.accent == "#b0741a"
    assert palette(["#a5701c"]).light.accent == "#17603f"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ff0000", "#00ff00") == contrast("#00ff00", "#ff0000") == pytest.approx(2.914, abs=0.001)


@pytest.mark.parametrize(
    "colour",
    ["red", "#fff", "17603f", "#17603f;}", "#17603g", "#17603f\n", "", "url(//evil.test)", "#١٢٣٤٥٦"],
)
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(Trouble, match="such as #17603f"):
        palette(["#17603f", colour])


def test_the_style_sheet_of_the_site_has_the_surfaces_that_are_counted_on() -> None:
    sheet = (TEMPLATES.parent / "standard" / "site.css").read_text(encoding="utf-8")
    light, dark = _tokens(sheet)
    for ground, tokens in ((LIGHT, light), (DARK, dark)):
        for name, colour in vars(ground).items():
            assert f"--{name}: {colour};" in tokens
    assert "@layer tokens" in sheet


def _tokens(sheet: str) -> tuple[str, str]:
    tokens = sheet[sheet.index("@layer tokens {") : sheet.index("@layer base {")]
    light, dark = tokens.split("@media (prefers-color-scheme: dark)")
    return light, dark
