"""The types of quantities: sizes in bytes, shares of processors, counts, ports."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

from clearinghouse.declare.form import Form, text_form
from clearinghouse.declare.should import should_be

UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SIZE = re.compile(r"([1-9][0-9]{0,5})([KMGT])")


def size(text: str) -> int:
    """Bytes of a size such as 512M or 5G (powers of 1024)."""
    number, unit = re.fullmatch(_SIZE, text).groups()  # type: ignore[union-attr]
    return int(number) * UNITS[unit]


def size_text(count: int) -> str:
    """Bytes as a size such as 512M: in the largest unit that needs no fraction; below 1K as they are."""
    if count < 0:
        return f"-{size_text(-count)}"
    unit = next((unit for unit in "TGMK" if count and count % UNITS[unit] == 0), None)
    return f"{count // UNITS[unit]}{unit}" if unit else str(count)


def whole(low: int, high: int) -> Form:
    """A whole number between two bounds, both allowed."""

    def check(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise should_be(f"a whole number from {low} to {high}", hint=_unquoted(value))
        return value

    return Form(check, {"type": "integer", "minimum": low, "maximum": high})


def _unquoted(value: object) -> str | None:
    """What to write for a number that was put in quotes."""
    fits = isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,9}", value)
    return f"did you mean {value} without quotes?" if fits else None


def _size(value: object) -> int:
    expected = "a size such as 512M or 5G"
    if isinstance(value, str) and _SIZE.fullmatch(value):
        return size(value)
    raise should_be(expected, hint=_nearest_size(value))


def _nearest_size(value: object) -> str | None:
    text = str(value).upper().replace(" ", "")
    if re.fullmatch(r"[1-9][0-9]{0,3}", text):
        return f"did you mean {text}M?"
    if found := re.fullmatch(r"([1-9][0-9]{0,5})([KMGT])(I?B)", text):
        return f"did you mean {found[1]}{found[2]}?"
    if found := re.fullmatch(r"([0-9]{1,4}\.[0-9]{1,3})([MGT])", text):
        below = "KMGT"["KMGT".index(found[2]) - 1]
        return f"did you mean {int(Decimal(found[1]) * 1024)}{below}?"
    return f"did you mean {text}?" if _SIZE.fullmatch(text) else None


def share(high: int) -> Form:
    """A number of processors from 0.1 to a bound, in steps of a hundredth."""

    def check(value: object) -> Decimal:
        number = Decimal(str(value)) if type(value) in (int, float, Decimal) else Decimal(0)
        if not Decimal("0.1") <= number <= high or number != round(number, 2):
            raise should_be(f"a number of processors from 0.1 to {high}, such as 0.5 or 2")
        return number

    return Form(check, {"type": "number", "minimum": 0.1, "maximum": high})


Size = Annotated[
    int,
    text_form(_size, pattern=f"^{_SIZE.pattern}$"),
    PlainSerializer(size_text, when_used="json", return_type=str),
]
Port = Annotated[int, whole(1, 65535)]
