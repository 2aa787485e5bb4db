"""Runs of a backup, read from the tags of a repository's snapshots.

Files and dump of one run bear its id. A last small snapshot, the record, names the others by the
beginnings of their ids: only with it, and with all that it names, a run is whole.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

RUN = re.compile(r"run-(\d{8}T\d{6}Z)-[0-9a-f]{4}")
RECORD = "record"
BEFORE = "before-restore"
"""Tags the record of a run that a restore in place began with."""
AHEAD = timedelta(minutes=10)
"""How far a client's clock may be ahead."""
_NAMED = re.compile(r"(files|database)=([0-9a-f]{16,64})")
Told = Mapping[str, Any]
"""One snapshot, as `restic snapshots --json` tells it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One part of a run, as it is in a repository.

    Attributes:
        id: restic's, 64 hexadecimal digits.
        part: `files`, `database` or `record`.
        time: when it was made, by the clock of its client (ISO 8601).
        size: bytes of what was saved, as they were before they were packed.
        files: how many files were saved.
        tree: the hash of all that is in it; equal trees hold the same bytes.
        original: its id in the repository that it was copied from, or its own.
    """

    id: str
    part: str
    time: str
    size: int
    files: int = 0
    tree: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a backup.

    Attributes:
        id: such as `run-20270131T021700Z-1a2b`; all of its snapshots bear it.
        snapshots: its parts, the files first.
        record: what said at its end that nothing is missing; None where it has not ended.
        lacking: parts that the record names and that are not there.
        is_before_restore: whether it was made because a restore was to replace what it has.
    """

    id: str
    snapshots: tuple[Snapshot, ...]
    record: Snapshot | None = None
    lacking: tuple[str, ...] = ()
    is_before_restore: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it has ended, and all of it is there."""
        return self.record is not None and not self.lacking and bool(self.snapshots)

    @property
    def began(self) -> datetime:
        """When it began (UTC), by its client."""
        return began(self.id)

    @property
    def all(self) -> tuple[Snapshot, ...]:
        """Its parts, and its record last."""
        return (*self.snapshots, *([self.record] if self.record else []))


def began(run: str) -> datetime:
    """When a run began, by its id; the first moment of all where that is no time."""
    found = RUN.fullmatch(run)
    assert found, run
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def run_of(told: Told) -> str | None:
    """The id of the run that a snapshot says it is of."""
    return next((tag for tag in told.get("tags") or [] if RUN.fullmatch(tag)), None)


def runs_in(snapshots: Iterable[Told], now: datetime) -> tuple[Run, ...]:
    """All runs that left anything in a repository, the newest first.

    One of the future, by a clock that was wrong or a client that lies, comes last: it is never the newest.
    """
    found: dict[str, list[Told]] = {}
    for told in sorted(snapshots, key=lambda each: str(each["time"])):
        if run := run_of(told):
            found.setdefault(run, []).append(told)
    return newest_first((_run(run, found[run]) for run in found), now)


def newest_first(runs: Iterable[Run], now: datetime) -> tuple[Run, ...]:
    """Runs in order, those of the future last."""
    return tuple(sorted(runs, key=lambda run: (run.began <= now + AHEAD, run.id), reverse=True))


def _run(run: str, snapshots: list[Told]) -> Run:
    """What the record names; while there is none, the last of each part, which may have been tried again."""
    records = [told for told in snapshots if RECORD in told["tags"]]
    others = [told for told in snapshots if RECORD not in told["tags"]]
    if not records:
        last = {part: told for told in others if (part := _part(told))}
        return Run(run, _in_order(_snapshot(told) for told in last.values()))
    found = filter(None, (_NAMED.fullmatch(tag) for tag in records[-1]["tags"]))
    named = {each[1]: each[2] for each in found}
    there = {part: told for part, start in named.items() for told in others if _is(told, start)}
    parts = _in_order(_snapshot(told) for told in there.values())
    lacking = tuple(sorted(set(named) - set(there)))
    return Run(run, parts, _snapshot(records[-1]), lacking, BEFORE in records[-1]["tags"])


def _part(told: Told) -> str | None:
    return next((tag for tag in told["tags"] if tag in ("files", "database")), None)


def _is(told: Told, start: str) -> bool:
    return str(told["id"]).startswith(start) or str(told.get("original") or "").startswith(start)


def _snapshot(told: Told) -> Snapshot:
    sums = told.get("summary") or {}
    return Snapshot(
        id=str(told["id"]),
        part=RECORD if RECORD in told["tags"] else _part(told) or "?",
        time=str(told["time"]),
        size=int(sums.get("total_bytes_processed") or 0),
        files=int(sums.get("total_files_processed") or 0),
        tree=str(told.get("tree") or ""),
        original=str(told.get("original") or told["id"]),
    )


def _in_order(snapshots: Iterable[Snapshot]) -> tuple[Snapshot, ...]:
    return tuple(sorted(snapshots, key=lambda each: each.part, reverse=True))
