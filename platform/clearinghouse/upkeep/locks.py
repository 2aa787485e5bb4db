"""Locks of those that died, also where the clocks by which restic knows them were moved."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from clearinghouse.upkeep.restic import Restic

_STALE = timedelta(minutes=35)
"""Who holds a lock writes it anew every five minutes, and restic itself calls one stale after thirty."""


def clear(place: Restic, seen: Mapping[str, float], now: datetime) -> dict[str, float]:
    """Remove the locks of a place that nobody holds any more.

    Args:
        place: elsewhere than in a folder, only restic itself removes any.
        seen: when each lock was seen first (seconds since 1970), by its name.
        now: this moment.

    Returns:
        The same of the locks that are there now.

    Raises:
        ResticFailed: the place cannot be opened.
        OSError: a lock cannot be removed.
    """
    if place.folder is None or not _names(place):
        return {}
    place.unlock()
    at = now.timestamp()
    left = {name: seen.get(name, at) for name in _names(place)}
    stale = {name for name, first in left.items() if not 0 <= at - first < _STALE.total_seconds()}
    for name in stale:
        (place.folder / "locks" / name).unlink(missing_ok=True)
    return {name: first for name, first in left.items() if name not in stale}


def _names(place: Restic) -> set[str]:
    folder = place.folder / "locks" if place.folder else None
    return {each.name for each in folder.iterdir()} if folder and folder.is_dir() else set()
