"""Putting one file or folder of a backup back into a volume that is in use."""

import ctypes
import os
import shutil
from pathlib import Path, PurePosixPath

from clearinghouse.upkeep.restic import Restic

_DRAFT = ".put-back"
_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE (renameat2(2))."""


def put_back(place: Restic, snapshot: str, path: str, root: str, folder: Path) -> None:
    """Restore a path beside what is there, and let it take its place when all of it came.

    Args:
        place: where the backups are.
        snapshot: one of them.
        path: what is wanted of it, such as `/site/index.php`.
        root: where the backup has the volume, such as `/site`.
        folder: where the volume is mounted.

    Raises:
        ResticFailed: it could not be restored; nothing was changed.
        OSError: the same, as on a full disk; or a folder above it is a link.
    """
    draft = folder / _DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    try:
        place.restore(snapshot, path, draft)
        part = _missing(folder, PurePosixPath(path).relative_to(root))
        _change(draft / root.lstrip("/") / part, folder / part)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _missing(folder: Path, wanted: PurePosixPath) -> PurePosixPath:
    """The topmost folder above it that is not there; where all are, it itself.

    Raises:
        OSError: one is a link, which may lead out of the volume.
    """
    for part in reversed(wanted.parents[:-1]):
        there = folder / part
        if there.is_symlink() or (there.exists() and not there.is_dir()):
            raise NotADirectoryError(f"{part} is no folder there; restore that")
        if not there.exists():
            return part
    return wanted


def _change(new: Path, there: Path) -> None:
    """In one step, so that a kill leaves the one or the other; what was there goes with the draft."""
    # A power cut leaves one of the two on the disk, whole.
    os.sync()
    if not os.path.lexists(there):
        new.rename(there)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(_HERE, os.fsencode(new), _HERE, os.fsencode(there), _EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(there))
    os.sync()
