"""Plain text in the forms that it takes elsewhere: for machines, in addresses, shortened."""

import re
import unicodedata
from urllib.parse import quote

# What XML 1.0 has no place for (fifth edition, production 2, Char); UTF-8 refuses the surrogates among it.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_ALLOWED_IN_URI = "%/:?#[]@!$&'()*+,;=~"
_LONGEST_SLUG = 80


def clean(text: str) -> str:
    """The text without characters that XML 1.0 forbids, its lines ended by a line feed alone."""
    if text.isprintable():  # no time to find out, and all that is forbidden is not
        return text
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def uri(address: str) -> str:
    """An address in ASCII alone: what a URI may not hold is written by its UTF-8 bytes (RFC 3987, 3.1)."""
    return quote(_LONE_PERCENT.sub("%25", clean(address)), safe=_ALLOWED_IN_URI)


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
