"""What may stand in a page: addresses, and text between tags or in an attribute."""

import re
from html import escape

SCHEMES = frozenset(["http", "https", "mailto"])

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Browsers drop line ends and tabs from an address and read `\` as `/`, so none may be there at all.
_MISLEADING = re.compile(r"[\s\x00-\x20\x7f\\]")
# HTML allows none of these (HTML Living Standard, 13.2.3.5); a lone surrogate cannot even be written.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def scheme(address: str) -> str:
    """The scheme of an address in small letters, "" for one within the site."""
    found = _SCHEME.match(address)
    return found[1].lower() if found else ""


def is_safe(address: str) -> bool:
    """Whether an address may stand in a link: http, https, mailto, or within the site."""
    if not address or _MISLEADING.search(address):
        return False
    if own := scheme(address):
        return own in SCHEMES
    return not address.startswith("//") and ":" not in re.split(r"[/?#]", address)[0]


def is_external(address: str) -> bool:
    """Whether a safe address leads to another site."""
    return scheme(address) in ("http", "https")


def escaped(text: str) -> str:
    """A text as it is written between tags or in a quoted attribute, of HTML and of SVG in it."""
    # Python finds in no time what it would not print, and all of the unspeakable is among it.
    return escape(text if text.isprintable() else _UNSPEAKABLE.sub("\ufffd", text))
