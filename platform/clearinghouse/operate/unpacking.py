"""Unpacking a tar archive that comes in pieces: files, folders and links, with their modes and times."""

import os
import tarfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import RawIOBase
from pathlib import Path, PurePosixPath
from threading import BoundedSemaphore
from typing import Self

from clearinghouse.errors import NOT_WELL, Trouble

Tell = Callable[[int], None]
"""Is told how many bytes have come, at each part."""
_PIECE = 1024 * 1024
_END = bytes(1024)
"""The last two blocks of an archive (POSIX.1-2001, pax, “ustar Interchange Format”)."""
_WRITERS, _WAITING = 4, 64
"""Making a file takes its time, most of it in the kernel: so many make files while the archive is read, and
so many files wait for them at most."""


def clean(path: str) -> str:
    """A path of a backup as it begins there, with a slash and none at its end.

    Raises:
        Trouble: it leaves the backup.
    """
    whole = str(PurePosixPath("/", path))
    if ".." in PurePosixPath(whole).parts:
        raise Trouble(f"{path}: should be a path within the backup, without `..`")
    return whole


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
        self._last = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        if not self._rest:
            self._rest = self._hear(next(self._pieces, b""))
            self._tell(len(self._rest))
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def finish(self) -> None:
        """Hear restic out: its exit code comes last.

        Raises:
            Trouble: what came does not end as an archive does, so the connection broke off.
        """
        for piece in self._pieces:
            self._hear(piece)
        if self._last != _END:
            raise Trouble("the backup did not come whole (it broke off); repeat", exit_code=NOT_WELL)

    def _hear(self, piece: bytes) -> bytes:
        self._last = (self._last + piece)[-len(_END) :]
        return piece


def unpack(source: Source, into: Path) -> None:
    """Unpack it; links come last, so that nothing is written through one; devices and pipes are left out.

    Raises:
        Trouble: it did not come whole, or a path in it leads out of the folder.
        OSError: it could not be written, as on a full disk.
    """
    links: list[tuple[Path, str]] = []
    folders: list[tuple[Path, tarfile.TarInfo]] = []
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=_PIECE) as archive, _Writers() as writers:
            for member in archive:
                target = into / clean(member.name).lstrip("/")
                if member.isdir():
                    target.mkdir(parents=True, exist_ok=True)
                    folders.append((target, member))
                elif member.issym():
                    links.append((target, member.linkname))
                elif member.isreg():
                    writers.write(target, member, archive)
    except tarfile.TarError as error:
        source.finish()
        raise Trouble(f"the backup did not come whole ({error}); repeat", exit_code=NOT_WELL) from None
    source.finish()
    for target, points_to in links:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(points_to)
    for target, member in reversed(folders):
        _dress(target, member)


class _Writers:
    """Those who make files; all of them are made when it is left.

    Raises:
        OSError: on leaving: one could not be made.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_WRITERS)
        self._room = BoundedSemaphore(_WAITING)
        self._failed: OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown()
        if self._failed and kind is None:
            raise self._failed

    def write(self, target: Path, member: tarfile.TarInfo, archive: tarfile.TarFile) -> None:
        """Have a small file made; make a large one at once."""
        if self._failed:
            raise self._failed
        content = archive.extractfile(member)
        assert content is not None
        if member.size > _PIECE:
            _write(target, member, iter(lambda: content.read(_PIECE), b""))
            return
        self._room.acquire()
        self._pool.submit(self._make, target, member, content.read())

    def _make(self, target: Path, member: tarfile.TarInfo, content: bytes) -> None:
        try:
            _write(target, member, [content])
        except OSError as error:
            self._failed = error
        finally:
            self._room.release()


def _write(target: Path, member: tarfile.TarInfo, pieces: Iterable[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    _dress(target, member)


def _dress(target: Path, member: tarfile.TarInfo) -> None:
    target.chmod(member.mode & 0o777)
    os.utime(target, (member.mtime, member.mtime))
