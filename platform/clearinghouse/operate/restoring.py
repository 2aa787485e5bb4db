"""Restoring a backup into a folder of the operator's machine: files as they were, and the database's dump."""

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from io import RawIOBase
from pathlib import Path, PurePosixPath
from typing import Any

from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.repository import Readable
from clearinghouse.plan.backup import DUMP
from clearinghouse.upkeep.runs import Run, Snapshot

Tell = Callable[[int], None]
"""Is told how many bytes have come, at each part."""


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
    part.mkdir(mode=0o700, parents=True)
    try:
        count = sum(
            _restore(repository, snapshot, part, wanted, tell) for snapshot, wanted in _wanted(run, path)
        )
        part.rename(into)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count


def _refuse_used(into: Path) -> None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Trouble(f"{into}: should be a folder that is empty or not there yet; name another")


def _wanted(run: Run, path: str | None) -> Iterator[tuple[Snapshot, str]]:
    """The snapshots that are needed, and what of each."""
    for snapshot in run.snapshots:
        is_dump = snapshot.part == "database"
        if path is None:
            yield snapshot, f"/{DUMP}" if is_dump else "/"
        elif is_dump == (clean(path) == f"/{DUMP}"):
            yield snapshot, clean(path)


def clean(path: str) -> str:
    """A path of a backup as it begins there, with a slash and none at its end.

    Raises:
        Trouble: it leaves the backup.
    """
    whole = str(PurePosixPath("/", path))
    if ".." in PurePosixPath(whole).parts:
        raise Trouble(f"{path}: should be a path within the backup, without `..`")
    return whole


def _restore(repository: Readable, snapshot: Snapshot, part: Path, wanted: str, tell: Tell) -> int:
    is_file = wanted != "/" and _kind(repository, snapshot, wanted) == "file"
    if not is_file:
        return _unpack(Source(repository.stream("dump", "--archive", "tar", snapshot.id, wanted), tell), part)
    target = part / wanted.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        for piece in repository.stream("dump", snapshot.id, wanted):
            file.write(piece)
            tell(len(piece))
    return 1


def _kind(repository: Readable, snapshot: Snapshot, path: str) -> str:
    """What a path of a snapshot is; restic lists it first where it is there."""
    nodes: list[dict[str, Any]] = repository.ask_lines("ls", snapshot.id, path)
    for node in nodes:
        if node.get("struct_type") == "node" and node.get("path") == path:
            return str(node["type"])
    raise Trouble(
        f"{path} is not in the backup {snapshot.id[:8]}; paths begin with /site, such as /site/index.php"
    )


class Source(RawIOBase):
    """An archive that comes in pieces, as a file to read from.

    Args:
        pieces: they come.
        tell: is told of progress.
    """

    def __init__(self, pieces: Iterator[bytes], tell: Tell) -> None:
        self._pieces = pieces
        self._tell = tell
        self._rest = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
            self._tell(len(self._rest))
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def finish(self) -> None:
        """Hear restic out: its exit code comes last."""
        for _ in self._pieces:
            pass


def _unpack(source: Source, part: Path) -> int:
    """Links come last, so that nothing is written through one; devices and pipes are left out."""
    links: list[tuple[Path, str]] = []
    folders: list[tuple[Path, tarfile.TarInfo]] = []
    count = 0
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for member in archive:
                target = part / clean(member.name).lstrip("/")
                if member.isdir():
                    target.mkdir(parents=True, exist_ok=True)
                    folders.append((target, member))
                elif member.issym():
                    links.append((target, member.linkname))
                elif member.isreg():
                    _write(archive, member, target)
                    count += 1
    except tarfile.TarError as error:
        source.finish()
        raise Trouble(f"the backup did not come whole ({error}); repeat", exit_code=NOT_WELL) from None
    source.finish()
    for target, points_to in links:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(points_to)
    for target, member in reversed(folders):
        _dress(target, member)
    return count + len(links)


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = archive.extractfile(member)
    assert content is not None
    with target.open("wb") as file:
        shutil.copyfileobj(content, file, 1024 * 1024)
    _dress(target, member)


def _dress(target: Path, member: tarfile.TarInfo) -> None:
    target.chmod(member.mode & 0o777)
    os.utime(target, (member.mtime, member.mtime))
