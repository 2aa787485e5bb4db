"""Maps: where places are drawn, who can use them, and what they never hold."""

import math
import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clearinghouse.site.drawing import overlap
from clearinghouse.site.maps import Point, points_map
from tests.site import naughty
from tests.site.svg import SVG, assert_harmless_drawing, parsed

PENDJARI = Point("Pendjari", 11.2, 1.5, 2755, "/fr/protected-areas/pendjari/")
W = Point("W", 12.0, 2.6, 5632)
LAMA = Point("Lama", 6.95, 2.1)
ANYWHERE = st.builds(
    Point,
    st.text(max_size=30),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.none() | st.floats(0, 1e15),
    st.none() | st.text(max_size=20),
    st.none() | st.integers(1, 500),
)


def drawn(*points: Point, **words: str) -> str:
    return points_map(points, title="Protected areas", description="All of them.", **words)  # type: ignore[arg-type]


def dots(drawing: str) -> list[tuple[float, float]]:
    found = parsed(drawing).iter(f"{SVG}circle")
    return [
        (float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in found if dot.get("class") == "place"
    ]


def texts(drawing: str, kind: str) -> list[str]:
    return [each.text or "" for each in parsed(drawing).iter(f"{SVG}text") if each.get("class") == kind]


def numbers(drawing: str, kind: str, size: int) -> dict[str, tuple[float, float, float, float]]:
    """The boxes of numbers, by what they say."""
    found = {}
    for group in parsed(drawing).iter(f"{SVG}g"):
        if group.get("class") == kind:
            text = group.find(f"{SVG}text")
            assert text is not None
            x, base, said = float(text.get("x", "")), float(text.get("y", "")), text.text or ""
            half = 0.5 * size * len(said) / 2
            found[said] = (x - half, base - 0.7 * size, x + half, base)
    return found


def size(drawing: str) -> tuple[float, float]:
    root = parsed(drawing)
    return float(root.get("width", "")), float(root.get("height", ""))


def test_north_is_above_and_east_is_right() -> None:
    (w_x, w_y), (pendjari_x, pendjari_y), (_, lama_y) = dots(drawn(LAMA, PENDJARI, W))
    assert w_x > pendjari_x
    assert w_y < pendjari_y < lama_y


def test_degrees_of_longitude_are_narrowed_by_the_latitude() -> None:
    a, b, c = dots(drawn(Point("a", 60, 10, 3), Point("b", 60, 14, 2), Point("c", 58, 10, 1)))
    wide, tall = b[0] - a[0], c[1] - a[1]
    assert wide / tall == pytest.approx(4 * math.cos(math.radians(59)) / 2, abs=0.01)


def test_a_country_on_both_sides_of_the_date_line_is_whole() -> None:
    drawing = drawn(Point("Viti Levu", -17.8, 178, 2), Point("Lau", -18.2, -178.8, 1))
    west, east = dots(drawing)
    assert 0 < west[0] < east[0] < 480
    assert {"179°\u00a0E", "180°", "179°\u00a0W"} <= set(texts(drawing, "degree"))


def test_areas_are_drawn_to_the_scale_of_the_bar() -> None:
    drawing = drawn(PENDJARI, W, LAMA)
    radius = float(re.findall(r'class="area"[^>]* r="([\d.]+)"', drawing)[0])
    long = float(re.findall(r"h([\d.]+)v-5", drawing)[0])
    kilometres = float(texts(drawing, "scale")[0].split()[0])
    assert radius == pytest.approx(math.sqrt(5632 / math.pi) * long / kilometres, rel=0.02)


def test_a_place_with_a_page_is_a_link_that_a_finger_hits() -> None:
    drawing = drawn(PENDJARI, W)
    (link,) = parsed(drawing).iter(f"{SVG}a")
    assert (link.get("href"), link.get("aria-label")) == ("/fr/protected-areas/pendjari/", "Pendjari")
    assert max(float(circle.get("r", "")) for circle in link.iter(f"{SVG}circle")) >= 12


def test_a_map_with_links_is_a_group_and_one_without_is_a_picture() -> None:
    assert parsed(drawn(PENDJARI, W)).get("role") == "group"
    assert parsed(drawn(W, LAMA)).get("role") == "img"


def test_those_who_do_not_see_it_are_told() -> None:
    root = parsed(drawn(W))
    assert [root[0].text, root[1].text] == ["Protected areas", "All of them."]
    assert [root[0].get("id"), root[1].get("id")] == [
        root.get("aria-labelledby"),
        root.get("aria-describedby"),
    ]


def test_names_do_not_lie_on_each_other() -> None:
    crowd = [Point(f"A reserve {number}", 9 + number / 1000, 2, None) for number in range(30)]
    drawing = drawn(*crowd, W)
    assert 1 <= len(texts(drawing, "name")) < 31
    assert len(dots(drawing)) == 31
    for point in crowd:
        assert f"<title>{point.name}</title>" in drawing


def test_on_a_phone_every_place_of_a_crowd_has_its_number_and_none_lies_on_another() -> None:
    crowd = [Point(f"A reserve {n}", 9 + n / 40, 2 + n % 3 / 40, 900, None, n) for n in range(1, 13)]
    drawing = drawn(*crowd, PENDJARI, W)
    boxes = numbers(drawing, "number", size=20)
    assert sorted(map(int, boxes)) == list(range(1, 13))
    assert [(a, b) for a, b in combinations(boxes, 2) if overlap(boxes[a], boxes[b])] == []
    around = [(x - 4, y - 4, x + 4, y + 4) for x, y in dots(drawing)]
    assert not any(overlap(box, dot) for box in boxes.values() for dot in around)


def test_a_place_has_its_name_or_its_number_where_there_is_room() -> None:
    crowd = [Point(f"A reserve {n}", 9 + n / 40, 2 + n % 3 / 40, 900, None, n) for n in range(1, 13)]
    for place in parsed(drawn(*crowd, W)).iter(f"{SVG}g"):
        kinds = {each.get("class") for each in place}
        if "number" in kinds:
            assert ("name" in kinds) != ("spare" in kinds)


def test_degrees_are_in_the_readers_language() -> None:
    drawing = points_map(
        [PENDJARI, W], title="", description="", compass=("ش", "ج", "ق", "غ"), kilometre="كم"
    )
    shown = texts(drawing, "degree")
    assert any(text.endswith("ش") for text in shown)
    assert texts(drawing, "scale")[0].endswith("كم")


def test_one_place_has_a_map_of_its_surroundings() -> None:
    width, height = size(drawn(LAMA))
    assert dots(drawn(LAMA)) == [(width / 2, height / 2)]


def test_no_place_gives_no_map() -> None:
    assert drawn() == ""


def test_the_order_of_places_makes_no_difference() -> None:
    assert drawn(LAMA, W, PENDJARI) == drawn(W, PENDJARI, LAMA)


def test_numbers_have_one_decimal_at_most() -> None:
    assert not re.search(r'[="\sMHVhv]-?\d+\.\d{2,}', drawn(LAMA, W, PENDJARI))


@pytest.mark.parametrize("text", naughty.TEXTS)
def test_no_text_becomes_more_than_text(text: str) -> None:
    point = Point(text, 1, 1, 10, "/x/")
    drawing = points_map(
        [point], title=text, description=text, compass=(text, text, text, text), kilometre=text
    )
    assert_harmless_drawing(drawing)


@pytest.mark.parametrize("address", naughty.ADDRESSES)
def test_a_misleading_address_gives_no_link(address: str) -> None:
    assert "<a" not in drawn(Point("x", 1, 1, None, address))


@given(st.lists(ANYWHERE, min_size=1, max_size=8))
def test_places_anywhere_are_on_the_map(points: list[Point]) -> None:
    drawing = drawn(*points)
    assert_harmless_drawing(drawing)
    width, height = size(drawing)
    assert (width, 240 <= height <= 600) == (480, True)
    assert len(dots(drawing)) == len(points)
    for x, y in dots(drawing):
        assert 0 <= x <= width
        assert 0 <= y <= height
    assert isinstance(parsed(drawing), etree._Element)
    assert len(drawing) < 20_000 + 3_000 * len(points)
