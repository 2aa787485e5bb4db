"""Text and addresses in the form that every machine-readable output takes."""

import re
from urllib.parse import quote

# What XML 1.0 has no place for (fifth edition, production 2, Char); UTF-8 refuses the surrogates among it.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_ALLOWED_IN_URI = "%/:?#[]@!$&'()*+,;=~"


def clean(text: str) -> str:
    """The text without characters that XML 1.0 forbids, its lines ended by a line feed alone."""
    if text.isprintable():  # no time to find out, and all that is forbidden is not
        return text
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def uri(address: str) -> str:
    """An address in ASCII alone: what a URI may not hold is written by its UTF-8 bytes (RFC 3987, 3.1)."""
    return quote(_LONE_PERCENT.sub("%25", clean(address)), safe=_ALLOWED_IN_URI)
