"""Which runs stay."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clearinghouse.upkeep.retention import Retention, kept

NOW = datetime(2027, 6, 30, 12, tzinfo=UTC)
POLICY = Retention(daily=7, weekly=4, monthly=6)


def daily(days: int) -> dict[str, datetime]:
    return {f"run-{n:03}": NOW - timedelta(days=n) for n in range(days)}


def test_a_year_of_days_leaves_each_day_week_and_month_within_their_periods() -> None:
    stay = kept(daily(365), POLICY, NOW)
    ages = sorted(int(run[-3:]) for run in stay)
    assert ages[:7] == list(range(7))
    assert len([age for age in ages if 7 <= age < 28]) <= 4
    assert max(ages) < 31 * 6
    months = {(NOW - timedelta(days=age)).month for age in ages}
    assert months == {12, 1, 2, 3, 4, 5, 6}


def test_everything_of_the_last_two_days_stays() -> None:
    hourly = {f"run-{n}": NOW - timedelta(hours=n) for n in range(100)}
    assert {f"run-{n}" for n in range(48)} <= kept(hourly, POLICY, NOW)


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=60))
def test_the_newest_always_stays_and_forgetting_again_forgets_nothing(ages: list[int]) -> None:
    runs = {f"run-{n:03}": NOW - timedelta(days=age) for n, age in enumerate(ages)}
    stay = kept(runs, POLICY, NOW)
    assert min(ages) in {ages[int(run[-3:])] for run in stay}
    assert kept({run: runs[run] for run in stay}, POLICY, NOW) == stay
