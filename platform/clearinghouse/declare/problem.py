"""What is wrong with a declaration: a finding in a document, and the line that tells of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clearinghouse.declare.characters import escaped

Key = tuple[str | int, ...]
"""The way to a value: names of keys and positions in lists, from the top."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; both count from 1, as editors do."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a key, before it is known where in which file that is.

    Args:
        key: the way to the value.
        should: what the value should be, to be read after "should be".
        found: what it is; None for "whatever stands there".
        hint: what may help, shown in parentheses.
        near: another key whose place is shown, when `key` itself need not be in the file.
        place: the place, where it is known already.
        names_key: the key is wrong, not its value.
    """

    key: Key
    should: str
    found: str | None = None
    hint: str | None = None
    near: Key | None = None
    place: Place | None = None
    names_key: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One line for a person: `stacks/cd.yaml:3:9: domains/0: should be X, is Y (did you mean Z?)`.

    `file` is relative to the installation, `key` uses slashes ("file" is the file as a whole).
    """

    file: Path
    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{escaped(str(self.file))}:{self.line}:{self.column}: {self.key}: {self.message}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by file, then line and column, and drop repetitions."""
    return tuple(sorted(set(problems), key=lambda p: (str(p.file), p.line, p.column, p.key, p.message)))


def slashed(key: Key) -> str:
    """Write a key's way with slashes, safe to print; the top is called "file"."""
    return escaped("/".join(str(part) for part in key)[:200]) or "file"
