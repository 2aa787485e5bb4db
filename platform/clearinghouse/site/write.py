"""Writes a site: its files, in a folder that appears when it is complete."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clearinghouse.errors import COULD_NOT_FIND_OUT, Trouble


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of an earlier build that is the same in this one.

    Attributes:
        path: where it is; no build ever changes it.
    """

    path: str


Output = bytes | Path | Kept
"""What a file holds: bytes, another file to copy, or one that it shares with an earlier build."""


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
        _write_all(outputs, str(part))
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


def _write_all(outputs: Mapping[str, Output], root: str) -> None:
    """One file after the other: threads would wait for each other more than for the disk."""
    for place in sorted({os.path.dirname(path) for path in outputs}):
        os.makedirs(f"{root}/{place}", exist_ok=True)
    for path, output in outputs.items():
        _write(output, f"{root}/{path}")


def _write(output: Output, path: str) -> None:
    if isinstance(output, Kept):
        _share(output.path, path)
    elif isinstance(output, Path):
        shutil.copyfile(output, path)
    else:
        with open(path, "wb") as file:
            file.write(output)


def _share(kept: str, path: str) -> None:
    """The same file under another name; a copy where the disk has no such thing."""
    try:
        os.link(kept, path)
    except OSError:
        shutil.copyfile(kept, path)


def _swap(part: Path, folder: Path) -> None:
    """Another process may have been faster: then its files are the same."""
    try:
        part.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(part)
