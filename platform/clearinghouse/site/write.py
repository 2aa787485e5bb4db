"""Writes a site: its files, compressed ones beside them, in a folder that appears when it is complete."""

import gzip
import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from clearinghouse.errors import COULD_NOT_FIND_OUT, Trouble

_TEXT = frozenset(
    [".html", ".css", ".js", ".svg", ".xml", ".json", ".jsonld", ".ics", ".rdf", ".ttl", ".txt"]
)
_SMALLEST = 256
"""Bytes from which on compressing saves a packet's worth."""
_BROTLI = 5
"""Higher ones take twenty times as long for a few bytes."""
_GZIP = 9

Output = bytes | Path
"""What a file holds: bytes, or another file to copy."""


def write(outputs: Mapping[str, Output], folder: Path, finish: Callable[[Path], None]) -> None:
    """Write all files of a site into a folder that is not there yet.

    Args:
        outputs: by the path below the site's root.
        folder: appears when all is written.
        finish: adds to the files before that, in the folder that it is given.

    Raises:
        Trouble: the disk is full or may not be written to; nothing is left behind.
    """
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        for place in sorted({str((part / path).parent) for path in outputs}):
            os.makedirs(place, exist_ok=True)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda path: _write(outputs[path], part / path), outputs))
        finish(part)
        _swap(part, folder)
    except Trouble:
        shutil.rmtree(part, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Trouble(
            f"{folder} cannot be written: {error.strerror}; make room or give access, then build again",
            exit_code=COULD_NOT_FIND_OUT,
        ) from None


def compress(folder: Path) -> None:
    """Put compressed twins beside the text files of a folder that others wrote."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _TEXT:
            _compress(path.read_bytes(), path)


def _write(output: Output, path: Path) -> None:
    if isinstance(output, Path):
        shutil.copyfile(output, path)
        return
    path.write_bytes(output)
    if path.suffix in _TEXT:
        _compress(output, path)


def _compress(content: bytes, path: Path) -> None:
    if len(content) < _SMALLEST:
        return
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, _GZIP, mtime=0))
    path.with_name(f"{path.name}.br").write_bytes(brotli.compress(content, quality=_BROTLI))


def _swap(part: Path, folder: Path) -> None:
    """Another process may have been faster: then its files are the same."""
    try:
        part.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(part)
