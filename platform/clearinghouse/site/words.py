"""Text in the reader's language, or in the nearest that there is."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Said = TypeVar("Said")

# Each begins with what it looks for: so most of a text is passed at the speed of memory.
_BEFORE_A_SIGN = re.compile(r" (?=[;:!?»%](?![-:]))(?<![\s|] )")
_AFTER_A_SIGN = re.compile(r"« (?=\S|$)")
_PAIRS = (" ;", " :", " !", " ?", " »", " %", "« ")
"""Where French has a space that no line may begin or end with; not in the rule of a table, `| :---: |`."""
_RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"])
_RIGHT_TO_LEFT_SCRIPTS = frozenset(["Adlm", "Arab", "Hebr", "Nkoo", "Syrc", "Thaa"])


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the language that it is in."""

    text: str
    language: str


def nearest(wanted: str, there: Collection[str], order: Sequence[str]) -> str | None:
    """The language to use of those there are.

    Args:
        wanted: the reader's, a BCP 47 tag.
        there: what there is.
        order: whom to fall back to, first things first.

    Returns:
        The wanted one, one of the same base language (RFC 4647, lookup), the first in the order, any;
        None where there is none.
    """
    if wanted in there:
        return wanted
    left = list(there)
    base = wanted.split("-")[0]
    tries = (wanted, base, *(tag for tag in left if tag.split("-")[0] == base), *order, *left)
    return next((tag for tag in tries if tag in left), None)


def said(text: Mapping[str, Said], language: str, order: Sequence[str]) -> tuple[Said, str]:
    """What a text says in a language, and the language that it is in; at least one must be there."""
    found = nearest(language, text, order)
    if found is None:
        raise ValueError("a text without words")
    return text[found], found


def words(text: Mapping[str, str], language: str, order: Sequence[str]) -> Words:
    """The words of a text for a reader."""
    return Words(*said(text, language, order))


def spaced(text: str, language: str) -> str:
    """The same text, with spaces that do not break where its language has them beside signs."""
    if language.split("-")[0] != "fr" or not any(pair in text for pair in _PAIRS):
        return text
    return _AFTER_A_SIGN.sub("«\u00a0", _BEFORE_A_SIGN.sub("\u00a0", text))


def direction(language: str) -> str:
    """`rtl` or `ltr`, by the script: the one in the tag, or the usual one of the language."""
    parts = language.split("-")
    script = next((part for part in parts[1:] if len(part) == 4), None)
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RIGHT_TO_LEFT else "ltr"
