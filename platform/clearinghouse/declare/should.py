"""How a value's type says what it wanted: an error that reads after "should be"."""

from collections.abc import Collection

from pydantic_core import PydanticCustomError

KIND = "declared"
"""The type of pydantic errors that carry their own words."""


def should_be(expected: str, *, hint: str | None = None, found: str | None = None) -> PydanticCustomError:
    """The error to raise from a type: what the value should be, a hint, and what it is if not itself."""
    return PydanticCustomError(KIND, "should be {should}", {"should": expected, "hint": hint, "found": found})


def text_of(value: object, expected: str) -> str:
    """The value, if it is text."""
    if not isinstance(value, str):
        raise should_be(expected)
    return value


def meant(word: object, known: Collection[str]) -> str | None:
    """The hint "did you mean X?" where a known word is close, else None."""
    import difflib

    near = difflib.get_close_matches(str(word)[:60].lower(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else None


def listed(words: Collection[str]) -> str:
    """Write words as "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
