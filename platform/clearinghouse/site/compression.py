"""Compressed twins of text files, which the web server gives to browsers that read them."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import brotli

_TEXT = frozenset(
    [".html", ".css", ".js", ".svg", ".xml", ".json", ".jsonld", ".ics", ".rdf", ".ttl", ".txt"]
)
_SMALLEST = 256
"""Bytes from which on compressing saves a packet's worth."""
_LARGE = 1024 * 1024
"""Bytes from which on a file is one for machines, which are rarely many: being ready early counts more."""
_LEVELS = (6, 5)
"""Of gzip (RFC 1952) and of brotli (RFC 7932): higher ones take much longer for a few bytes of a page."""
_LEVELS_OF_LARGE = (3, 3)
GZIP, BROTLI = ".gz", ".br"
ENDINGS = (GZIP, BROTLI)


def twins(path: str, content: bytes, endings: Sequence[str] = ENDINGS) -> Iterator[tuple[str, bytes]]:
    """The compressed files that belong beside one: none where it is not text, or too small to matter.

    Args:
        path: where the file is; its name's ending says what it is.
        content: what is in it.
        endings: which ones.

    Returns:
        Each twin's path and content; the same for the same content.
    """
    if len(content) < _SMALLEST or PurePosixPath(path).suffix not in _TEXT:
        return
    level, quality = _LEVELS if len(content) < _LARGE else _LEVELS_OF_LARGE
    if GZIP in endings:
        yield f"{path}{GZIP}", gzip.compress(content, level, mtime=0)
    if BROTLI in endings:
        yield f"{path}{BROTLI}", brotli.compress(content, quality=quality)


def compress(folder: Path) -> None:
    """Put compressed twins beside the text files of a folder that others wrote."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for twin, content in twins(str(path), path.read_bytes()):
                Path(twin).write_bytes(content)
