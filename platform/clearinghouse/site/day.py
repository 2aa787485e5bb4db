"""The day that a site is made for: it moves on when a day passes that the partner's information names."""

import os
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

# The first hyphen leads: it is rare, so most of a text is passed at the speed of memory.
_DAY = re.compile(rb"-(?<=\b[12][0-9]{3}-)[01][0-9]-[0-3][0-9]\b")
_EPOCH = "SOURCE_DATE_EPOCH"


def today() -> date:
    """The present day (UTC), or the one in SOURCE_DATE_EPOCH (reproducible-builds.org)."""
    told = os.environ.get(_EPOCH, "")
    return datetime.fromtimestamp(int(told), UTC).date() if told.isdigit() else datetime.now(UTC).date()


def days_in(text: bytes) -> bytes:
    """All that `day_for` needs of a text: the days that it names."""
    return b" ".join(_named(text))


def day_for(texts: Iterable[bytes], now: date) -> date:
    """The day after the last one named in the texts that has passed.

    Whatever compares these days with the present one finds the same as by the present day itself, so a site
    made for that day stays right, to the byte, until another one passes.
    """
    passed = [day for text in texts for found in _named(text) if (day := _day(found)) and day < now]
    return max(passed, default=date(1992, 6, 5)) + timedelta(days=1)


def _named(text: bytes) -> list[bytes]:
    return [text[found.start() - len("2026") : found.end()] for found in _DAY.finditer(text)]


def _day(found: bytes) -> date | None:
    try:
        return date.fromisoformat(found.decode())
    except ValueError:
        return None
