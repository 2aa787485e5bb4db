"""Plain text: as part of an address, and shortened."""

import unicodedata

_LONGEST_SLUG = 80


def slug(text: str) -> str:
    """A text as part of an address: its letters, their marks and its digits, in small, others as hyphens."""
    small = unicodedata.normalize("NFC", text.casefold())
    kept = "".join(letter if _is_kept(letter) else " " for letter in small)
    return "-".join(kept.split())[:_LONGEST_SLUG].strip("-")


def _is_kept(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters; it ends with `…` where some were left out."""
    return text if len(text) <= longest else _cut(text, longest - 1).rstrip(" ,;:–—-") + "…"


def _cut(text: str, longest: int) -> str:
    """The beginning of a text, up to the end of a word, or at least not between a letter and its marks."""
    space = text.rfind(" ", longest // 2, longest + 1)
    if space > 0:
        return text[:space]
    end = max(longest, 0)
    while end and (unicodedata.category(text[end])[0] == "M" or "\u200d" in text[end - 1 : end + 1]):
        end -= 1
    return text[:end]
