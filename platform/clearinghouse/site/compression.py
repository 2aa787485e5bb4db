"""Compressed twins of text files, which the web server gives to browsers that read them."""

import gzip
from collections.abc import Iterator
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
ENDINGS = (".gz", ".br")


def twins(path: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The compressed files that belong beside one: none where it is not text, or too small to matter.

    Args:
        path: where the file is; its name's ending says what it is.
        content: what is in it.

    Returns:
        Each twin's path and content; the same for the same content.
    """
    if len(content) < _SMALLEST or PurePosixPath(path).suffix not in _TEXT:
        return
    level, quality = _LEVELS if len(content) < _LARGE else _LEVELS_OF_LARGE
    yield f"{path}.gz", gzip.compress(content, level, mtime=0)
    yield f"{path}.br", brotli.compress(content, quality=quality)


def compress(folder: Path) -> None:
    """Put compressed twins beside the text files of a folder that others wrote."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for twin, content in twins(str(path), path.read_bytes()):
                Path(twin).write_bytes(content)
