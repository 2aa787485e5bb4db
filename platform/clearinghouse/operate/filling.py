"""Filling new data volumes from a backup, on the host itself, and holding them against it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import docker

from clearinghouse import disk
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.contents import DATABASE, Share
from clearinghouse.operate.database_server import IMPORT, LOADED, DatabaseServer, container_of
from clearinghouse.operate.helper import HELPS, PREPARES, Helper, HelperFailed
from clearinghouse.operate.upkeep import Upkeep
from clearinghouse.operate.usage import rounded
from clearinghouse.plan.backup import DUMP
from clearinghouse.plan.plan import Directory, Plan, Volume
from clearinghouse.plan.prepare import install
from clearinghouse.provision.images import image_ids
from clearinghouse.provision.labels import labels
from clearinghouse.provision.preflight import disk_of, folder_of
from clearinghouse.upkeep.restic import RESTORE, last_words, lines, literal
from clearinghouse.upkeep.runs import Run, Snapshot
from clearinghouse.upkeep.tally import Rows

Where = Literal["first", "second"]
"""Which of the two places a backup is taken from."""
Tell = Callable[[str, int, int], None]
"""Is told of progress: what is done, how many bytes of it came, and of how many (0: not known)."""
FILLED = "/filled"
"""Where the worker has the volumes of files."""
_DATABASE = "/database"
_SPARE = 200 * 1024 * 1024
"""Bytes that a new database needs for itself."""
_MOST = 5
"""So many differences are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled, and what the backup has.

    Attributes:
        files: each was read back and held against the hashes in the backup.
        wanted: the rows of each table in the dump.
        found: the rows of each table in the database that loaded it.
    """

    files: Share = field(default_factory=Share)
    wanted: Mapping[str, Rows] = field(default_factory=dict)
    found: Mapping[str, Rows] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(rows.count for rows in self.found.values())

    @property
    def differences(self) -> tuple[str, ...]:
        """Which tables differ, a few words each; nothing where all are equal."""
        names = sorted({*self.wanted, *self.found})
        unequal = [each for each in names if self.wanted.get(each) != self.found.get(each)]
        named = [
            f"the table {each} ({_count(self.wanted, each)} rows, found {_count(self.found, each)})"
            for each in unequal[:_MOST]
        ]
        return (*named, *([f"{len(unequal) - _MOST} more"] if len(unequal) > _MOST else ()))


class Filling:
    """What fills new data volumes of a plan, which no container mounts yet.

    Args:
        client: the engine.
        plan: says whose each volume is, and how its database runs.
        paths: where a backup has what belongs into each volume, such as `/site`; that of a
            database is known.
        where: which place it is taken from.
        code: the partner whose backups they are.
        tell: is told of progress.

    Raises:
        Trouble: the host has no upkeep.
    """

    def __init__(
        self,
        client: docker.DockerClient,
        plan: Plan,
        paths: Mapping[Volume, str],
        *,
        where: Where,
        code: str,
        tell: Tell,
    ) -> None:
        self._client = client
        self._plan = plan
        self._paths = {volume: path for volume, path in paths.items() if volume.role != DATABASE}
        self._from = (where, code)
        self._tell = tell
        self._upkeep = Upkeep(client, plan.host).container
        self._dumps = f"chm-{plan.owner}-dumps"
        self._database = next((each for each in plan.volumes if each.role == DATABASE), None)
        databases = {str(each.image) for each in plan.containers if each.role == DATABASE}
        self._images = image_ids({"upkeep", "web", *databases}, plan.host, client)

    def fill(self, run: Run, shares: Mapping[Volume, Share]) -> Filled:
        """Make the volumes and fill them.

        Args:
            run: what they are filled from.
            shares: what it has for each volume; the others are made and left empty.

        Raises:
            Trouble: there is not room enough, or the backup is damaged.
        """
        self._make_volumes(shares)
        with self._dump_volume():
            self._prepare()
            with self._worker() as worker:
                self._check_space(worker, shares)
                files, tables = Share(), Filled()
                for snapshot in run.snapshots:
                    if snapshot.part == DATABASE and self._database in shares:
                        tables = self._fill_database(worker, snapshot)
                    elif snapshot.part == "files" and self._paths:
                        self._restore(worker, snapshot, FILLED, list(self._paths.values()), "files")
                        files = sum((shares[volume] for volume in self._paths), Share())
                # Before anything relies on it: a power cut takes what is not on the disk yet.
                self._ask(worker, ["sync"])
        return Filled(files, tables.wanted, tables.found)

    def put_back(self, snapshot: Snapshot, path: str, within: Volume) -> None:
        """Restore one path beside what a volume has, and let it take its place in one step.

        Raises:
            Trouble: the backup is damaged, or the disk is full; what was there is there.
        """
        with self._worker() as worker:
            root = self._paths[within]
            command = ["upkeep", "put-back", *self._from, snapshot.id, path, root, FILLED + root]
            self._ask(worker, command)

    def _make_volumes(self, wanted: Iterable[Volume]) -> None:
        if self._plan.disk is not None:
            disk.make(self._client, disk_of(self._plan))
        for volume in {*wanted, *self._paths}:
            folder = folder_of(self._client, self._plan, volume)
            bind = {"type": "none", "o": "bind", "device": folder} if folder else None
            told = labels(self._plan, volume.role, generation=str(volume.generation))
            self._client.volumes.create(volume.name, driver_opts=bind, labels=told)

    @contextmanager
    def _dump_volume(self) -> Iterator[None]:
        made = self._client.volumes.create(self._dumps, labels={HELPS: self._plan.owner})
        try:
            yield
        finally:
            made.remove(force=True)

    def _prepare(self) -> None:
        """Give the new volumes' folders their owners, by the step that does it at each `up`."""
        step = next(each for each in self._plan.containers if each.role == "prepare")
        volumes = {
            mount.source.name: f"{mount.path}:rw"
            for mount in step.mounts
            if isinstance(mount.source, Volume) and mount.source in {*self._paths, self._database}
        }
        command = list(step.command)
        if self._database:
            uid = int(container_of(self._plan).user.split(":")[0])
            volumes[self._dumps] = f"{IMPORT}:rw"
            command[-1] += f"\n{install(Directory(IMPORT, uid, uid, '0700'))}"
        with Helper(
            self._client,
            self._plan.owner,
            self._images["web"],
            command,
            user=step.user,
            volumes=volumes,
            capabilities=step.capabilities,
        ) as helper:
            self._hear(helper.run())

    @contextmanager
    def _worker(self) -> Iterator[Helper]:
        """It sees all that the host's upkeep sees, and writes to the new volumes alone."""
        volumes = {volume.name: f"{FILLED}{path}:rw" for volume, path in self._paths.items()}
        if self._database:
            volumes |= {self._database.name: f"{_DATABASE}:ro", self._dumps: f"{IMPORT}:rw"}
        with Helper(
            self._client,
            self._plan.owner,
            self._images["upkeep"],
            ["cat"],
            volumes=volumes,
            # What belongs to other volumes, which are left as they are.
            own=[f"{FILLED}{path}" for path in self._others()],
            env={
                **dict(line.split("=", 1) for line in self._upkeep.attrs["Config"]["Env"]),
                "RESTIC_PROGRESS_FPS": "4",
            },
            capabilities=PREPARES,
            beside=str(self._upkeep.id),
            is_leased=True,
        ) as worker:
            worker.start()
            yield worker

    def _others(self) -> Iterator[str]:
        step = next(each for each in self._plan.containers if each.role == "prepare")
        for mount in step.mounts:
            below = any(mount.path.startswith(f"{path}/") for path in self._paths.values())
            if below and mount.path not in self._paths.values():
                yield mount.path

    def _check_space(self, worker: Helper, shares: Mapping[Volume, Share]) -> None:
        """The partner's own disk and the host's are apart."""
        own: dict[str, int] = {}
        hosts: dict[str, int] = {}
        for volume, share in shares.items():
            side = own if self._plan.disk is not None else hosts
            if volume == self._database:
                hosts[IMPORT] = share.size * 2
                side[_DATABASE] = share.size * 3 // 2 + _SPARE
            else:
                side[FILLED + self._paths[volume]] = share.size
        step = f"raise limits/disk in stacks/{self._plan.stack}.yaml"
        self._refuse_full(worker, own, f"its disk, which has room for {{}}; {step}")
        self._refuse_full(worker, hosts, f"host {self._plan.host}, which has room for {{}}; free some there")

    def _refuse_full(self, worker: Helper, needs: Mapping[str, int], where: str) -> None:
        if not needs:
            return
        told = self._ask(worker, ["df", "--block-size=1", "--output=avail", *needs])
        free = min(int(line) for line in told.decode().splitlines()[1:])
        if free < sum(needs.values()):
            raise Trouble(
                f"stack {self._plan.stack}: it needs {rounded(sum(needs.values()))} beside what is on"
                f" {where.format(rounded(free))}, and repeat",
                exit_code=NOT_WELL,
            )

    def _fill_database(self, worker: Helper, snapshot: Snapshot) -> Filled:
        assert self._database
        self._restore(worker, snapshot, IMPORT, [f"/{DUMP}"], "dump")
        self._tell(DATABASE, 0, 0)
        image = self._images[str(container_of(self._plan).image)]
        with DatabaseServer(self._client, self._plan, image, self._dumps) as server:
            server.load()
            server.dump()
        told = self._ask(worker, ["upkeep", "tally", f"{IMPORT}/{DUMP}", f"{IMPORT}/{LOADED}"])
        wanted, found = (
            {table: Rows(**rows) for table, rows in json.loads(line).items()} for line in told.splitlines()
        )
        return Filled(wanted=wanted, found=found)

    def _restore(self, worker: Helper, snapshot: Snapshot, target: str, paths: list[str], what: str) -> None:
        """Restic reads back what it wrote, and holds it against the hashes in the snapshot (`--verify`)."""
        includes = [part for path in paths for part in ("--include", literal(path))]
        command = ["upkeep", "restic", *self._from, *RESTORE, snapshot.id, "--json", "--verify"]
        try:
            for told in lines(worker.ask([*command, "--target", target, *includes])):
                if "total_bytes" in told:
                    self._tell(what, int(told.get("bytes_restored", 0)), int(told["total_bytes"]))
        except HelperFailed as failed:
            raise self._trouble(failed) from None

    def _ask(self, worker: Helper, command: list[str]) -> bytes:
        return self._hear(worker.ask(command))

    def _hear(self, parts: Iterator[bytes]) -> bytes:
        try:
            return b"".join(parts)
        except HelperFailed as failed:
            raise self._trouble(failed) from None

    def _trouble(self, failed: HelperFailed) -> Trouble:
        return Trouble(
            f"stack {self._plan.stack}: the backup could not be restored"
            f" ({last_words(failed.words) or failed.last}); the site is as it was",
            exit_code=NOT_WELL,
        )


def _count(tables: Mapping[str, Rows], name: str) -> int:
    return tables[name].count if name in tables else 0
