"""Writes a site: its files, in a folder that appears when it is complete."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder to fill: all of it appears under its name at the end, or nothing is left behind.

    Args:
        folder: the name, not there yet.

    Raises:
        Trouble: the disk is full or may not be written to.
    """
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        yield part
        _swap(part, folder)
    except OSError as error:
        raise Trouble(
            f"{folder} cannot be written: {error.strerror}; make room or give access, then build again",
            exit_code=COULD_NOT_FIND_OUT,
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def writer(folder: Path) -> Callable[[str, Output], None]:
    """What writes files, each by its path below a folder, and makes the folders that it lies in."""
    root, made = str(folder), set[str]()

    def put(path: str, output: Output) -> None:
        place = path.rpartition("/")[0]
        if place not in made:
            os.makedirs(f"{root}/{place}", exist_ok=True)
            made.add(place)
        _put(output, f"{root}/{path}")

    return put


def _put(output: Output, path: str) -> None:
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
