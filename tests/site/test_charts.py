"""Charts: what they show, to whom, and what they never hold."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clearinghouse.site.charts import bars, shares
from tests.site import naughty
from tests.site.svg import SVG, assert_harmless_drawing, parsed

ROWS = [("Birds", 570.0, "570"), ("Mammals", 188.0, "188")]


def rectangles(drawing: str) -> Iterator[dict[str, str]]:
    return (dict(each.attrib) for each in parsed(drawing).iter(f"{SVG}rect"))


def chart(rows: list[tuple[str, float, str]], direction: str = "ltr") -> str:
    return bars(rows, title="Species", description="Known species by group.", direction=direction)


def test_the_longest_bar_has_the_whole_width_and_others_their_share() -> None:
    first, second = rectangles(chart(ROWS))
    assert (first["x"], first["width"]) == ("12", "340")
    assert float(second["width"]) == pytest.approx(340 * 188 / 570, abs=0.05)


def test_bars_grow_from_where_reading_starts() -> None:
    left, right = (list(rectangles(chart(ROWS, way)))[1] for way in ("ltr", "rtl"))
    assert left["x"] == "12"
    assert float(right["x"]) + float(right["width"]) == pytest.approx(352)
    assert 'direction="rtl"' in chart(ROWS, "rtl")


def test_those_who_do_not_see_it_are_told_all_of_it() -> None:
    root = parsed(chart(ROWS))
    assert root.get("role") == "img"
    title, told = root[0], root[1]
    assert (title.tag, told.tag) == (f"{SVG}title", f"{SVG}desc")
    assert (title.get("id"), told.get("id")) == (root.get("aria-labelledby"), root.get("aria-describedby"))
    assert title.text == "Species"
    assert told.text == "Known species by group. Birds: 570; Mammals: 188"


def test_a_part_is_drawn_over_its_whole_and_never_beyond() -> None:
    drawn = shares(
        [("Birds", 100, 25, "100, 25"), ("Fish", 50, 80, "50, 80")],
        title="Threatened",
        description="",
        direction="ltr",
        legend=("Known", "Threatened"),
    )
    kinds = [(each["class"], each["width"]) for each in rectangles(drawn)]
    assert kinds == [
        ("whole", "12"),
        ("part", "12"),
        ("whole", "340"),
        ("part", "85"),
        ("whole", "170"),
        ("part", "170"),
    ]


def test_a_long_name_is_shortened_and_still_told_whole() -> None:
    name = "Plantes vasculaires " * 10
    drawn = chart([(name, 1.0, "1")])
    shown = [each.text or "" for each in parsed(drawn).iter(f"{SVG}text")]
    assert shown[0].endswith("…")
    assert f"<title>{name}: 1</title>" in drawn


def test_nothing_to_show_gives_no_chart() -> None:
    assert chart([]) == ""


@pytest.mark.parametrize("value", [0.0, -5.0, float("nan"), float("inf")])
def test_a_figure_that_cannot_be_drawn_has_no_bar(value: float) -> None:
    assert next(rectangles(chart([("x", value, "?")])))["width"] == "0"


def test_different_charts_on_a_page_have_different_ids() -> None:
    ids = re.findall(r' id="(\w+)"', chart(ROWS) + chart(ROWS[:1]) + chart(ROWS, "rtl"))
    assert len(ids) == len(set(ids)) == 6


def test_the_same_figures_give_the_same_bytes() -> None:
    assert chart(ROWS) == chart(list(ROWS))


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("text", naughty.TEXTS)
def test_no_text_becomes_more_than_text(text: str, direction: str) -> None:
    drawn = shares(
        [(text, 2, 1, text)] * 2, title=text, description=text, direction=direction, legend=(text, text)
    )
    assert_harmless_drawing(drawn)


@given(st.lists(st.tuples(st.text(), st.floats(0, 1e15), st.text()), min_size=1, max_size=8))
def test_every_chart_is_well_formed_and_within_its_frame(rows: list[tuple[str, float, str]]) -> None:
    drawn = chart(rows, "rtl")
    assert_harmless_drawing(drawn)
    for each in rectangles(drawn):
        assert float(each["x"]) >= 11.9
        assert float(each["x"]) + float(each["width"]) <= 352.1
    assert etree.fromstring(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)) is not None
