"""Plain words of YAML: what they mean, and which mean different things to different readers."""

import re

Scalar = str | int | float | bool | None

_MEANINGS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
_BOOLEANS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false"])
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})\.[0-9]{1,12}")
_NUMBER_TO_SOME = re.compile(
    r"[-+]?(0o[0-7]+|0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|[0-9][0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))"
    r"|\.(nan|NaN|NAN)"
)


def resolved(text: str) -> Scalar:
    """The value of an unquoted word: true, false, nothing, a number, otherwise text."""
    if text in _MEANINGS:
        return _MEANINGS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def ambiguity(text: str) -> str | None:
    """What an unquoted word should be, where YAML 1.1 and people disagree about it; else None.

    NO is the code of Norway and false, 22:22 is two ports and 1342, 0755 is 493.
    """
    if text in _MEANINGS:
        return None
    if text.lower() in _BOOLEANS and (len(text) > 1 or text.lower() in "yn"):
        return "true, false or text in quotes"
    if text in ("Null", "NULL"):
        return "text in quotes, or left out"
    if _WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text):
        return None
    return "a plain decimal number or text in quotes" if _NUMBER_TO_SOME.fullmatch(text) else None
