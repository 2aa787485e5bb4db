"""Restoring a backup into a folder of the operator's machine: files as they were, and the database's dump."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.helper import NotHere
from clearinghouse.operate.repository import Readable, Repository
from clearinghouse.operate.unpacking import Source, Tell, clean, unpack
from clearinghouse.plan.backup import DUMP
from clearinghouse.upkeep.runs import Run, Snapshot


def restore(repository: Readable, run: Run, into: Path, path: str | None, tell: Tell) -> int:
    """Restore a run, or one path of it, into a folder that is not there yet or is empty.

    The folder appears when all of it is there. It is the operator's own; modes and times are as they were.

    Args:
        path: what is restored, such as `/site/wp-content/uploads` or `/database.sql`; all of it without one.
        tell: is told of progress.

    Returns:
        How many files were restored.

    Raises:
        Trouble: the folder is not empty, the path is not in the backup, or the repository is damaged.
    """
    _refuse_used(into)
    part = into.with_name(f".{into.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise Trouble(f"{into}: cannot be made ({error.strerror}); name another folder") from None
    try:
        for snapshot, wanted in _wanted(run, path):
            size = None if wanted == "/" else _size(repository, snapshot, wanted)
            if not _restore_here(repository, snapshot, part, wanted, tell):
                _restore(repository, snapshot, part, wanted, tell, size)
        count = _count(part)
        part.rename(into)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count


def _refuse_used(into: Path) -> None:
    if not into.name:
        raise Trouble("--into: should name a folder, is nothing")
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Trouble(f"{into}: should be a folder that is empty or not there yet; name another")


def _count(folder: Path) -> int:
    """How many files and links are below a folder."""
    return sum(
        len(files) + sum(os.path.islink(os.path.join(at, each)) for each in folders)
        for at, folders, files in os.walk(folder)
    )


def _wanted(run: Run, path: str | None) -> Iterator[tuple[Snapshot, str]]:
    """The snapshots that are needed, and what of each."""
    for snapshot in run.snapshots:
        is_dump = snapshot.part == "database"
        if path is None:
            yield snapshot, f"/{DUMP}" if is_dump else "/"
        elif is_dump == (clean(path) == f"/{DUMP}"):
            yield snapshot, clean(path)


def _restore_here(repository: Readable, snapshot: Snapshot, part: Path, wanted: str, tell: Tell) -> bool:
    """Where the engine is on this machine, restic itself writes the files; gives whether it is."""
    if not isinstance(repository, Repository):
        return False
    folder = part / f".{token_hex(8)}"
    folder.mkdir()
    try:
        repository.restore(snapshot.id, wanted, folder, tell)
    except NotHere:
        folder.rmdir()
        return False
    for each in folder.iterdir():
        each.rename(part / each.name)
    folder.rmdir()
    return True


def _restore(
    repository: Readable, snapshot: Snapshot, part: Path, wanted: str, tell: Tell, size: int | None
) -> None:
    """Elsewhere what it says comes over the engine's connection; a file has a size."""
    if size is None:
        unpack(Source(repository.stream("dump", "--archive", "tar", snapshot.id, wanted), tell), part)
        return
    target = part / wanted.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        for piece in repository.stream("dump", snapshot.id, wanted):
            file.write(piece)
            tell(len(piece))
    if target.stat().st_size != size:
        raise Trouble(f"{wanted} did not come whole (it broke off); repeat", exit_code=NOT_WELL)


def _size(repository: Readable, snapshot: Snapshot, path: str) -> int | None:
    """The bytes of a path of a snapshot, None of a folder's; restic lists it first where it is there."""
    nodes: list[dict[str, Any]] = repository.ask_lines("ls", snapshot.id, path)
    for node in nodes:
        if node.get("struct_type") == "node" and node.get("path") == path:
            return int(node.get("size", 0)) if node["type"] == "file" else None
    raise Trouble(
        f"{path} is not in the backup {snapshot.id[:8]}; paths begin with /site, such as /site/index.php"
    )
