"""A partner's database server by itself: on a volume that nobody else mounts, without a network."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import docker
import docker.errors

from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.helper import Helper, HelperFailed
from clearinghouse.plan.backup import DUMP
from clearinghouse.plan.database import environment, kind_of
from clearinghouse.plan.plan import Container, Plan, Volume

IMPORT = "/import"
"""Where its dumps are."""
LOADED = "loaded.sql"
"""The dump that it makes of what it has loaded."""
_PASSWORD = "/run/password"
_START = f"head -c 20 /dev/urandom | sha256sum | cut -c 1-64 >{_PASSWORD} && exec /usr/local/bin/start"
"""Passwords of accounts are set anew at each start, and here nobody gets in."""
_PATIENCE = 300
"""Seconds for a new server to be ready."""
_NAME = environment()["DATABASE_NAME"]


@dataclass(frozen=True, slots=True)
class _Client:
    """How one kind of server is given a dump, and how it writes one; both by its own socket."""

    load: str
    dump: str


_CLIENTS: Mapping[str, _Client] = {
    "mariadb": _Client(
        f"mariadb --default-character-set=utf8mb4 --max-allowed-packet=1G {_NAME} <{IMPORT}/{DUMP}",
        "mariadb-dump --single-transaction --skip-lock-tables --quick --hex-blob --routines --events"
        f" --triggers --default-character-set=utf8mb4 --result-file={IMPORT}/{LOADED} {_NAME}",
    ),
    "postgresql": _Client(
        "psql --quiet --no-psqlrc --output=/dev/null --set=ON_ERROR_STOP=1 --single-transaction"
        f" --host=/run/postgresql --username=database --dbname={_NAME} --file={IMPORT}/{DUMP}",
        f"pg_dump --host=/run/postgresql --username=database --file={IMPORT}/{LOADED} {_NAME}",
    ),
}


class DatabaseServer:
    """One such server; it runs while it is entered, and ends well.

    Args:
        client: the engine.
        plan: whose database it is, on the volume that is to be filled.
        image: id of the image of its kind.
        dumps: name of the volume with the dump; its user may write there.

    Raises:
        Trouble: it does not get ready.
    """

    def __init__(self, client: docker.DockerClient, plan: Plan, image: str, dumps: str) -> None:
        self._plan = plan
        self._planned = container_of(plan)
        self._client = _CLIENTS[kind_of(str(self._planned.image))]
        (mount,) = (mount for mount in self._planned.mounts if isinstance(mount.source, Volume))
        assert isinstance(mount.source, Volume)
        self._helper = Helper(
            client,
            plan.owner,
            image,
            ["bash", "-c", _START],
            user=self._planned.user,
            volumes={mount.source.name: f"{mount.path}:rw", dumps: f"{IMPORT}:rw"},
            env={**self._planned.env, "DATABASE_PASSWORD_FILE": _PASSWORD},
            memory=self._planned.memory,
            is_logged=True,
        )

    def __enter__(self) -> Self:
        self._helper.__enter__()
        try:
            self._helper.start()
            self._await()
        except BaseException:
            self._helper.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._helper.stop()
        finally:
            self._helper.__exit__(kind, error, trace)

    def load(self) -> None:
        """Run the dump.

        Raises:
            Trouble: the server refuses some of it.
        """
        self._do(self._client.load)

    def dump(self) -> None:
        """Write a dump of what is in it now, beside the one that it has loaded.

        Raises:
            Trouble: it cannot, as on a full disk.
        """
        self._do(self._client.dump)

    def _do(self, command: str) -> None:
        try:
            for _ in self._helper.ask(["bash", "-c", f"exec {command}"]):
                pass
        except HelperFailed as failed:
            raise self._trouble(failed.last) from None

    def _await(self) -> None:
        end = time.monotonic() + _PATIENCE
        while not self._is_ready(self._planned.health):
            if not self._helper.is_running():
                raise self._trouble(f"it ended while it started, and said last: {self._helper.last_words()}")
            if time.monotonic() > end:
                raise self._trouble(f"it was not ready within {_PATIENCE} s")
            time.sleep(0.2)

    def _is_ready(self, health: Sequence[str]) -> bool:
        try:
            for _ in self._helper.ask(health):
                pass
        except (HelperFailed, docker.errors.APIError):
            return False
        return True

    def _trouble(self, words: str) -> Trouble:
        return Trouble(
            f"stack {self._plan.stack}: the database of the backup could not be brought up: {words}; the site"
            " is as it was",
            exit_code=NOT_WELL,
        )


def container_of(plan: Plan) -> Container:
    """The database's container of a plan that has one."""
    return next(each for each in plan.containers if each.role == "database")
