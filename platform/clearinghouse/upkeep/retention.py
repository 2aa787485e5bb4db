"""Which runs are kept: within each period the newest of each day, week and month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_ALL = timedelta(days=2)
"""Everything this new stays."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long one run of each day, week and month is kept, counted in these."""

    daily: int
    weekly: int
    monthly: int


def kept(runs: Mapping[str, datetime], retention: Retention, now: datetime) -> frozenset[str]:
    """The runs that stay.

    Args:
        runs: when each whole run was made, by its id.
        now: from when the periods are counted back.
    """
    newest_first = sorted(runs, key=lambda run: (runs[run], run), reverse=True)
    stay = set(newest_first[:1]) | {run for run in runs if runs[run] > now - _ALL}
    periods: tuple[tuple[timedelta, Callable[[datetime], object]], ...] = (
        (timedelta(days=retention.daily), lambda at: at.date()),
        (timedelta(weeks=retention.weekly), lambda at: at.isocalendar()[:2]),
        (timedelta(days=31 * retention.monthly), lambda at: (at.year, at.month)),
    )
    for length, period in periods:
        first: dict[object, str] = {}
        for run in newest_first:
            if runs[run] > now - length:
                first.setdefault(period(runs[run]), run)
        stay |= set(first.values())
    return frozenset(stay)
