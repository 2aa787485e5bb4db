"""What a run of a backup has of each data volume of a partner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clearinghouse.operate.repository import Readable
from clearinghouse.plan.backup import DUMP
from clearinghouse.plan.plan import Plan, Volume
from clearinghouse.upkeep.restic import lines
from clearinghouse.upkeep.runs import Run, Snapshot

DATABASE = "database"
"""The role of the volume of a database, and the part of a run that its dump is."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a backup has for one volume: how many files, and their bytes."""

    files: int = 0
    size: int = 0

    def __add__(self, other: "Share") -> "Share":
        """Both together."""
        return Share(self.files + other.files, self.size + other.size)


def restorable(plan: Plan) -> dict[str, Volume]:
    """The volumes that make a site what it is, by where a backup has what is in them."""
    saving = next((container for container in plan.containers if container.role == "backup"), None)
    if saving is None:
        return {}
    database = [each for each in plan.volumes if each.role == DATABASE and saving.env["BACKUP_DATABASE"]]
    return {
        mount.path: mount.source
        for mount in saving.mounts
        if isinstance(mount.source, Volume) and _is_sites(mount.source)
    } | {f"/{DUMP}": volume for volume in database}


def shares(run: Run, repository: Readable, paths: Mapping[str, object]) -> dict[str, Share]:
    """What a run has below each path that is in it; what is below two counts for the longer one.

    Raises:
        Trouble: the repository cannot be read.
    """
    found: dict[str, Share] = {}
    for snapshot in run.snapshots:
        if snapshot.part != DATABASE:
            for path, share in _nodes(repository, snapshot):
                if above := [each for each in paths if path == each or is_below(path, each)]:
                    nearest = max(above, key=len)
                    found[nearest] = found.get(nearest, Share()) + share
        elif f"/{DUMP}" in paths:
            found[f"/{DUMP}"] = Share(1, snapshot.size)
    return found


def is_below(path: str, other: str) -> bool:
    """Whether a path is within another one."""
    return path.startswith(f"{other}/")


def _is_sites(volume: Volume) -> bool:
    return volume.role == "site" or volume.role.startswith("writable-")


def _nodes(repository: Readable, snapshot: Snapshot) -> Iterator[tuple[str, Share]]:
    for node in lines(repository.stream("ls", snapshot.id, "--json")):
        if "path" in node:
            is_folder = node.get("type") == "dir"
            yield str(node["path"]), Share() if is_folder else Share(1, int(node.get("size", 0)))
