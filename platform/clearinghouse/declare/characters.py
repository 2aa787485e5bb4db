"""Characters that cannot be seen, or that change how their neighbours are seen."""

import re

# Control, format (bidi and zero-width), line separators, surrogates, private use, non-characters,
# fillers that look like nothing, and the mark that a wrong encoding leaves behind. Format characters
# that are visible signs (such as the Arabic number sign) are left out. A test compares this with
# unicodedata, which would take 0.1 s to build it from.
_RANGES = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
INVISIBLE = re.compile(f"[{_RANGES}]")
# What Python would print of it, in UTF-8; the last is how all variation selectors begin, U+E0100 to U+E01EF.
_PRINTABLE = tuple(each.encode() for each in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc\ufffd")
_PRINTABLE += (b"\xf3\xa0",)


def unseen(text: str) -> str | None:
    """The first invisible character of a text; most texts are passed much faster than by a search."""
    if text.isprintable():
        written = text.encode()
        if not any(sign in written for sign in _PRINTABLE):
            return None
    found = INVISIBLE.search(text)
    return found[0] if found else None


def escaped(text: str) -> str:
    """Show every invisible character by its code, so that a line stays one line and tells the truth."""
    return INVISIBLE.sub(lambda found: code_point(found[0]), text)


def code_point(character: str) -> str:
    """Write a character as U+202E."""
    return f"U+{ord(character):04X}"


def named(character: str) -> str:
    """Write a character by its code and its name."""
    import unicodedata

    names = {"\t": "TAB", "\x00": "NUL"}
    name = names.get(character) or unicodedata.name(character, "")
    return f"{code_point(character)} {name}".rstrip()
