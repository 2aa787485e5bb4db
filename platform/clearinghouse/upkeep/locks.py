"""Locks of those that died, also where the clocks by which restic knows them were moved."""

import json
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta

from clearinghouse.upkeep.restic import Restic, ResticFailed

_STALE = timedelta(minutes=35)
"""Who holds a lock writes it anew every five minutes, and restic itself calls one stale after thirty."""


def clear(place: Restic, seen: Mapping[str, float], now: datetime) -> dict[str, float]:
    """Remove the locks of a place that nobody holds any more.

    Not by restic's own `unlock`: it goes by the number of a process, which in a container that was started
    again is soon another one's, and to find out it sends that one SIGHUP.

    Args:
        place: elsewhere than in a folder, only restic itself removes any.
        seen: when each lock was seen first (seconds since 1970), by its name.
        now: this moment.

    Returns:
        The same of the locks that are there now.

    Raises:
        OSError: a lock cannot be removed.
    """
    if place.folder is None:
        return {}
    at = now.timestamp()
    left = {name: seen.get(name, at) for name in _names(place)}
    stale = {name for name, first in left.items() if _is_old(at - first) or _is_own(place, name)}
    for name in stale:
        (place.folder / "locks" / name).unlink(missing_ok=True)
    return {name: first for name, first in left.items() if name not in stale}


def _is_old(lapse: float) -> bool:
    return not 0 <= lapse < _STALE.total_seconds()


def _is_own(place: Restic, name: str) -> bool:
    """One of this machine's is of a round that ended before it let go of it: there is one at a time."""
    try:
        lock = json.loads(place.run("cat", "lock", name, "--no-lock"))
    except (ResticFailed, ValueError):
        return False
    return isinstance(lock, dict) and lock.get("hostname") == socket.gethostname()


def _names(place: Restic) -> set[str]:
    folder = place.folder / "locks" if place.folder else None
    return {each.name for each in folder.iterdir()} if folder and folder.is_dir() else set()
