"""A container that helps with data for a while, without a network, and goes with all that it made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, Self

import docker
import docker.errors
import requests
from docker.types import LogConfig, Mount

from clearinghouse.engine import LABEL
from clearinghouse.errors import NOT_WELL, Trouble

_MEMORY = 1024 * 1024 * 1024
_PROCESSES = 128
_LOG = LogConfig(type="json-file", config={"max-size": "1m", "max-file": "1"})
HELPS = f"{LABEL}.helps"
"""The label that says which partner something throwaway is for."""
BROKEN_OFF = -1
"""Stands for the exit code that nobody has heard."""
ROOT = "0:0"
READS_ALL = ("DAC_OVERRIDE",)
"""What root needs to read files whatever their owner and mode."""
PREPARES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID")
"""What root needs to give files their owners and modes."""


class HelperFailed(Trouble):
    """What it ran ended with another exit code than 0.

    Attributes:
        code: the exit code.
        words: what it said on standard error.
        last: the last line of that, or the exit code.
    """

    def __init__(self, code: int, words: str) -> None:
        self.code = code
        self.words = words
        self.last = words.strip().splitlines()[-1] if words.strip() else f"exit code {code}"
        super().__init__(f"what worked on the data at its host failed: {self.last}", exit_code=NOT_WELL)


class NotHere(Exception):  # noqa: N818  (it is no error)
    """The engine's machine is another one."""


class Helper:
    """One such container; it is made when it is entered.

    Args:
        client: the engine.
        owner: the partner that it helps, by which one that was killed is found again.
        image: id of its image.
        command: what it runs; nothing of it has run before `run` or `start`.
        user: `uid:gid`.
        volumes: a path for each volume, with `:ro` or `:rw` behind it.
        folders: a path for each folder of the engine's machine that it may write to.
        own: paths of throwaway volumes.
        env: its environment; nothing secret.
        capabilities: what it keeps of them.
        memory: bytes.
        beside: id of a container whose volumes it reads too, and whose network it has; else it has none.
        name: where only one may be there at a time.
        is_logged: whether its last words are kept for `last_words`; else it may say gigabytes.
        is_leased: what it runs reads its standard input, which ends with the `chm` that started it.

    Raises:
        Trouble: on entering: one of that name works.
        NotHere: on entering: the engine's machine has no such folder.
    """

    def __init__(
        self,
        client: docker.DockerClient,
        owner: str,
        image: str,
        command: Sequence[str],
        *,
        user: str = ROOT,
        volumes: Mapping[str, str] | None = None,
        folders: Mapping[Path, str] | None = None,
        own: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        capabilities: Sequence[str] = (),
        memory: int = _MEMORY,
        beside: str = "",
        name: str = "",
        is_leased: bool = False,
        is_logged: bool = False,
    ) -> None:
        self._client = client
        uid, gid = user.split(":")
        self._settings: dict[str, Any] = {
            "image": image,
            "entrypoint": list(command),
            "command": [],
            "name": name or f"chm-{owner}-helper-{token_hex(4)}",
            "stdin_open": is_leased,
            "user": user,
            "environment": dict(env or {}),
            "volumes": list(own),
            "labels": {f"{LABEL}.helper": "data", HELPS: owner},
            "host_config": client.api.create_host_config(
                binds=[f"{name}:{path}" for name, path in (volumes or {}).items()],
                mounts=[
                    Mount(path, str(folder.absolute()), type="bind")
                    for folder, path in (folders or {}).items()
                ],
                cap_drop=["ALL"],
                cap_add=list(capabilities),
                security_opt=["no-new-privileges"],
                # Not by `network_disabled`: without its own name in /etc/hosts no database can be made.
                network_mode=f"container:{beside}" if beside else "none",
                volumes_from=[f"{beside}:ro"] if beside else None,
                tmpfs={"/run": f"rw,noexec,nosuid,nodev,size=16m,mode=0750,uid={uid},gid={gid}"},
                mem_limit=memory,
                pids_limit=_PROCESSES,
                init=True,
                log_config=_LOG if is_logged else LogConfig(type="none"),
            ),
        }
        self._id = ""
        self._lease: Any = None

    def __enter__(self) -> Self:
        self._make_room()
        try:
            self._id = str(self._client.api.create_container(**self._settings)["Id"])
        except docker.errors.APIError as error:
            if "bind source path does not exist" in str(error.explanation):
                raise NotHere from None
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.api.remove_container(self._id, force=True, v=True)
        if self._lease is not None:
            self._lease.close()

    def put(self, path: str, archive: Iterable[bytes]) -> None:
        """Unpack a tar archive at a path, while it comes.

        Raises:
            Trouble: the engine cannot, as on a full disk.
        """
        try:
            self._client.api.put_archive(self._id, path, archive)
        except (docker.errors.APIError, requests.RequestException) as error:
            words = str(getattr(error, "explanation", None) or error)
            raise Trouble(
                f"nothing was changed: the data could not be unpacked ({words})", exit_code=NOT_WELL
            ) from None

    def run(self) -> Iterator[bytes]:
        """Run it to its end; what it writes, while it writes it.

        Raises:
            HelperFailed: its exit code is not 0; raised when the last part was taken.
        """
        api = self._client.api
        # Attached before it starts, so that nothing is lost.
        parts = api.attach(self._id, stdout=True, stderr=True, stream=True, demux=True)
        api.start(self._id)
        yield from _heard(parts, lambda: int(api.wait(self._id)["StatusCode"]))

    def start(self) -> None:
        """Start it, to be asked while it runs."""
        if self._settings["stdin_open"]:
            # What reads there ends with this connection, and so with this process, however that ends.
            self._lease = self._client.api.attach_socket(self._id, params={"stdin": 1, "stream": 1})
        self._client.api.start(self._id)

    def ask(self, command: Sequence[str]) -> Iterator[bytes]:
        """Run one command in it, as `run` does.

        Raises:
            HelperFailed: as `run`.
        """
        api = self._client.api
        asked = api.exec_create(self._id, list(command))["Id"]
        parts = api.exec_start(asked, stream=True, demux=True)
        yield from _heard(parts, lambda: _exit_code(api.exec_inspect(asked)["ExitCode"]))

    def is_running(self) -> bool:
        """Whether what it runs has not ended."""
        return bool(self._client.api.inspect_container(self._id)["State"]["Running"])

    def last_words(self) -> str:
        """The last line that it said, if it is logged."""
        said = self._client.api.logs(self._id, tail=1).decode(errors="replace")
        return str(said).strip()

    def stop(self) -> None:
        """Let what it runs end well."""
        self._client.api.stop(self._id, timeout=120)

    def _make_room(self) -> None:
        name = self._settings["name"]
        try:
            other = self._client.containers.get(name)
        except docker.errors.NotFound:
            return
        if other.status == "running":
            raise Trouble(
                f"{name} is at work on its host already; repeat when it has ended (`docker ps` shows it)",
                exit_code=NOT_WELL,
            )
        other.remove(force=True, v=True)


def lease_of_restore(owner: str) -> str:
    """The name under which a restore or an upgrade of a partner works."""
    return f"chm-{owner}-restore"


def refuse_while_restored(client: docker.DockerClient, owner: str) -> None:
    """Nothing else is done to a partner while a restore or an upgrade is at work: it has stopped who writes.

    Raises:
        Trouble: one is.
    """
    name = lease_of_restore(owner)
    if any(each.name == name for each in client.containers.list(filters={"name": f"^{name}$"})):
        raise Trouble(
            f"stack {owner}: a restore or an upgrade is at work; repeat when it has ended", exit_code=NOT_WELL
        )


@contextmanager
def alone(client: docker.DockerClient, owner: str, image: str, name: str) -> Iterator[None]:
    """While one `chm` works under a name; what one that was killed there left goes first.

    Args:
        image: id of any image with `cat`.

    Raises:
        Trouble: another one is at work.
    """
    with Helper(client, owner, image, ["cat"], name=name, is_leased=True) as lease:
        lease.start()
        remove_killed(client, owner, but=name)
        yield


def remove_killed(client: docker.DockerClient, owner: str, *, but: str) -> None:
    """Remove the helpers of a partner that a killed `chm` left, and volumes that were only for them.

    Args:
        but: the name of the one that stays.
    """
    filters: dict[str, str | list[str] | bool] = {"label": f"{HELPS}={owner}"}
    for left in client.containers.list(all=True, filters=filters, ignore_removed=True):
        if left.name != but:
            left.remove(force=True, v=True)
    for volume in client.volumes.list(filters=filters):
        volume.remove()


def _exit_code(told: int | None) -> int:
    """None is that of a command that still runs: then the connection to it broke off."""
    return BROKEN_OFF if told is None else told


def _heard(parts: Iterable[tuple[bytes | None, bytes | None]], wait: Any) -> Iterator[bytes]:
    errors = bytearray()
    for output, error in parts:
        errors += error or b""
        if output:
            yield output
    if (code := wait()) == BROKEN_OFF:
        raise HelperFailed(code, "the connection to its host broke off")
    if code:
        raise HelperFailed(code, errors.decode(errors="replace"))
