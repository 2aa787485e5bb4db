"""The type of a schedule: five fields, as in crontab(5)."""

import re
from collections.abc import Iterator
from typing import Annotated

from clearinghouse.declare.form import text_form
from clearinghouse.declare.should import should_be, text_of

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    ("day of the week", 0, 7, {name: number for number, name in enumerate(_DAYS)}),
)
_LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
_PART = re.compile(r"(?:\*|(?P<first>\w{1,3})(?:-(?P<last>\w{1,3}))?)(?:/(?P<step>[1-9][0-9]?))?")


def _schedule(value: object) -> str:
    expected = 'five fields (minute, hour, day, month, weekday) such as "*/5 * * * *"'
    fields = text_of(value, expected).split(" ")
    if len(fields) != len(_FIELDS):
        raise should_be(expected)
    for text, (name, low, high, words) in zip(fields, _FIELDS, strict=True):
        if not all(_fits(part, low, high, words) for part in text.split(",")):
            raise should_be(f"a schedule whose {name} is *, or from {low} to {high}")
    if fields[4] == "*" and not _comes(fields[2], fields[3]):
        raise should_be("a schedule whose day of the month is in its month")
    return " ".join(fields)


def _comes(day: str, month: str) -> bool:
    """Whether there is ever such a day: the 30th of February would be waited for without end."""
    first = min(_numbers(day, _FIELDS[2]))
    return any(first <= _LONGEST[number - 1] for number in _numbers(month, _FIELDS[3]))


def _numbers(text: str, field: tuple[str, int, int, dict[str, int]]) -> Iterator[int]:
    _, low, high, words = field
    for part in text.split(","):
        found = _PART.fullmatch(part)
        assert found
        first = _number(found["first"], words) if found["first"] else low
        last = first if found["first"] and not found["step"] else high
        last = _number(found["last"], words) if found["last"] else last
        yield from range(first, last + 1, int(found["step"] or 1))


def _fits(part: str, low: int, high: int, words: dict[str, int]) -> bool:
    found = _PART.fullmatch(part)
    # Sunday is both 0 and 7, and a week has seven days all the same.
    if not found or int(found["step"] or 1) > (6 if high == 7 else high):
        return False
    ends = [_number(end, words) for end in (found["first"], found["last"]) if end]
    return all(low <= end <= high for end in ends) and ends == sorted(ends)


def _number(text: str, words: dict[str, int]) -> int:
    return words.get(text.lower(), int(text) if text.isascii() and text.isdigit() else -1)


Schedule = Annotated[str, text_form(_schedule, examples=["*/5 * * * *"])]
