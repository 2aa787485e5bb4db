"""Plain words of YAML: what they mean, and which mean different things to different readers."""

import re
from typing import NamedTuple

Scalar = str | int | float | bool | None

_MEANINGS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
_TRUE = frozenset(["y", "yes", "on", "true"])
_FALSE = frozenset(["n", "no", "off", "false"])
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})\.[0-9]{1,12}")
_NUMBER_TO_SOME = re.compile(
    r"[-+]?(0o[0-7]+|0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|[0-9][0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))"
    r"|\.(nan|NaN|NAN)"
)


class Advice(NamedTuple):
    """What an unquoted word should be, and what was probably meant."""

    should: str
    meant: str


def resolved(text: str) -> Scalar:
    """The value of an unquoted word: true, false, nothing, a number, otherwise text."""
    if text in _MEANINGS:
        return _MEANINGS[text]
    if text[0] not in "-0123456789":
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def ambiguity(text: str) -> Advice | None:
    """What to write instead of an unquoted word, where YAML 1.1 and people disagree about it; else None.

    NO is the code of Norway and false, 22:22 is two ports and 1342, 0755 is 493.
    """
    quoted = f'"{text[:60]}"'
    word = text.lower()
    if text in _MEANINGS:
        return None
    if word in _TRUE or word in _FALSE:
        return Advice("true, false or text in quotes", f"{'true' if word in _TRUE else 'false'}, or {quoted}")
    if text in ("Null", "NULL"):
        return Advice("text in quotes, or left out", quoted)
    if not _is_odd_number(text):
        return None
    return Advice("a plain decimal number or text in quotes", quoted)


def _is_odd_number(text: str) -> bool:
    """Whether some would read a number, and others another one or text."""
    if text[0] not in "+-.0123456789" or _WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text):
        return False
    return bool(_NUMBER_TO_SOME.fullmatch(text))
