from datetime import UTC, datetime

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate.site_builds import Build, chosen


def _build(day: int, hour: int = 9, *, is_serving: bool = False) -> Build:
    return Build(f"{day:02d}{hour:02d}" * 16, datetime(2026, 11, day, hour, 5, 7, tzinfo=UTC), is_serving)


FOUND = [_build(20), _build(12, 14, is_serving=True), _build(12), _build(3)]


def test_without_a_date_it_is_the_build_before_the_one_that_serves() -> None:
    assert chosen(FOUND, None) == FOUND[2]


@pytest.mark.parametrize(
    ("date", "index"),
    [("2026-11-20", 0), ("2026-11-12 14", 1), ("2026-11-12T09:05:07Z", 2), ("2026-11-03 09:05:07", 3)],
)
def test_a_build_is_named_by_its_date_or_the_beginning_of_it(date: str, index: int) -> None:
    assert chosen(FOUND, date) == FOUND[index]


def test_a_date_of_two_builds_is_asked_for_more_exactly() -> None:
    with pytest.raises(Trouble, match=r"add the time: 2026-11-12 14:05:07, 2026-11-12 09:05:07$"):
        chosen(FOUND, "2026-11-12")


@pytest.mark.parametrize("date", ["2025", "", "yesterday"])
def test_a_date_of_no_build_is_refused_with_those_that_are_there(date: str) -> None:
    with pytest.raises(Trouble, match=r"no build of that date is on the host; there is 2026-11-20 09:05:07"):
        chosen(FOUND, date)


def test_there_is_no_way_back_from_the_oldest_or_from_nothing() -> None:
    with pytest.raises(Trouble, match="no build is older"):
        chosen([_build(3, is_serving=True)], None)
    with pytest.raises(Trouble, match="no build runs"):
        chosen([_build(3)], None)
