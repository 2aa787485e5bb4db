"""The rows of a database's dump, counted: so two dumps are compared without a look at the live site."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile

_INSERT = re.compile(rb"INSERT INTO `([^`]+)`(?: \(.*\))? VALUES$")
"""Of `mariadb-dump`: a row a line, which ends with a comma; the last one with a semicolon."""
_COPY = re.compile(rb"COPY (\S+) .*FROM stdin;$")
"""Of `pg_dump`: a row a line, then a line of its own."""
_COPIED = b"\\."
_ALL = 2**256


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table.

    Attributes:
        count: how many.
        digest: the sum of their SHA-256, so that their order does not count; hexadecimal.
    """

    count: int
    digest: str


def tally(dump: Iterable[bytes]) -> dict[str, Rows]:
    """The rows of each table that has any.

    Args:
        dump: its lines; both kinds write each row on a line of its own, and no line break within one.
    """
    counts: dict[str, int] = {}
    sums: dict[str, int] = {}
    lines = (line.rstrip(b"\n") for line in dump)
    for table, row in _rows(lines):
        counts[table] = counts.get(table, 0) + 1
        sums[table] = (sums.get(table, 0) + int.from_bytes(sha256(row).digest())) % _ALL
    return {table: Rows(count, f"{sums[table]:064x}") for table, count in counts.items()}


def _rows(lines: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        if begins := _COPY.match(line):
            rows: Iterator[bytes] = takewhile(lambda each: each != _COPIED, lines)
        elif begins := _INSERT.match(line):
            rows = _inserted(lines)
        else:
            continue
        table = begins[1].decode(errors="replace")
        yield from ((table, row) for row in rows)


def _inserted(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line[:-1]
        if line.endswith(b";"):
            return
