"""What was made of files and values before, for as long as they stay what they were."""

import os
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

Result = TypeVar("Result")
Stamp = tuple[int, int, int, int]

_SETTLED = 200_000_000
"""Nanoseconds after which a file system gives another change another time."""


class Seen:
    """Remembers, within one process; one that `forgets` never does.

    Args:
        forgets: make everything anew, and keep nothing.
    """

    def __init__(self, *, forgets: bool = False) -> None:
        self._forgets = forgets
        self._files: dict[tuple[str | Path, Hashable], tuple[Stamp, Any]] = {}
        self._values: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def of_file(self, path: str | Path, what: Hashable, make: Callable[[], Result]) -> Result:
        """What is made of a file: made anew where its times, size or number (inode) are others.

        Args:
            path: the file.
            what: which of the things that are made of it.
            make: reads it.
        """
        stamp = None if self._forgets else _stamp(path)
        if stamp is None:
            return make()
        before, result = self._files.get((path, what), (None, None))
        if before != stamp:
            result = make()
            self._files[path, what] = (stamp, result)
        return cast(Result, result)

    def of_values(self, what: Hashable, values: tuple[object, ...], make: Callable[[], Result]) -> Result:
        """What is made of values: made anew unless they are the very same objects.

        Args:
            what: which thing it is; the last one made is kept.
            values: all that it is made of.
            make: makes it.
        """
        if self._forgets:
            return make()
        known = self._values.get(what)
        if known is None or [*map(id, known[0])] != [*map(id, values)]:
            known = self._values[what] = (values, make())
        return cast(Result, known[1])


def _stamp(path: str | Path) -> Stamp | None:
    """A file's state; None where it is too young: the next change might look the same."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    if time.time_ns() - state.st_ctime_ns < _SETTLED:
        return None
    return state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino
