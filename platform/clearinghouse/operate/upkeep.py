"""What the upkeep of a host knows of its partners' backups, and what it is told to do."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import docker
from docker.models.containers import Container
from docker.utils.socket import frames_iter

from clearinghouse.engine import LABEL, containers_of
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.upkeep.care import DONE


@dataclass(frozen=True, slots=True)
class Kept:
    """What upkeep said last of a partner's backups.

    Attributes:
        at: when.
        second: the second place; empty where it is a volume of the same host.
        runs: what each run is (`done`, `half`, `not whole`), the newest first.
        alarms: what a person has to look at, and then trust.
        faults: what went wrong, and is tried again.
    """

    at: datetime
    second: str
    runs: Mapping[str, str]
    alarms: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def done(self) -> str | None:
        """The newest run that is verified at the second place."""
        return next((run for run, state in self.runs.items() if state == DONE), None)

    def fault(self, code: str) -> str | None:
        """What is wrong with a partner's backups and what to do about it, in one sentence."""
        others = len(self.alarms) + len(self.faults) - 1
        more = f" (and {others} more)" if others > 0 else ""
        for alarm in self.alarms:
            return f"{alarm}{more}; look at it, nothing is forgotten before `chm backup trust {code}`"
        for fault in self.faults:
            return f"{fault}{more}; it is tried again each hour, and at once by `chm backup check {code}`"
        return None


class Upkeep:
    """The upkeep of one host.

    Args:
        client: the host's engine.
        host: its name, for messages.

    Raises:
        Trouble: it does not run.
    """

    def __init__(self, client: docker.DockerClient, host: str) -> None:
        self._client = client
        self._host = host
        self._container = self._find()

    @property
    def container(self) -> Container:
        """The container that it runs in."""
        return self._container

    def kept(self) -> dict[str, Kept]:
        """What it said last, by partner."""
        lines = self._ask(["tell"])
        return {str(told["code"]): _kept(told) for told in map(json.loads, lines)}

    def care(self, code: str, *, is_full: bool = False) -> Kept:
        """Have it look after one partner's backups now.

        Args:
            is_full: read all data of both places.

        Raises:
            Trouble: it could not.
        """
        *_, last = self._ask(["check" if is_full else "now", code], may_fail=True) or [""]
        try:
            return _kept(json.loads(last))
        except (ValueError, KeyError):
            raise self._trouble(code, last) from None

    def make_place(self, code: str) -> None:
        """Have it make the folder of a repository, where it is not there.

        Raises:
            Trouble: it cannot.
        """
        self._ask(["place", code])

    def is_made(self, code: str) -> bool:
        """Whether a partner's repository is there."""
        return self._ask(["made", code]) == ["true"]

    def begin_care(self, code: str) -> None:
        """Have it look after one repository, and do not wait for it."""
        asked = self._client.api.exec_create(self._container.id, ["upkeep", "now", code])["Id"]
        self._client.api.exec_start(asked, detach=True)

    def trust(self, code: str) -> list[str]:
        """Take what alarmed as looked at; gives the sentences."""
        return [json.loads(line) for line in self._ask(["trust", code])]

    def add_key(self, code: str, password: str) -> None:
        """Let one more password open a partner's repository and its copy.

        Raises:
            Trouble: one of the two cannot be opened.
        """
        # By its standard input: arguments are shown by the engine.
        asked = self._client.api.exec_create(self._container.id, ["upkeep", "key", code], stdin=True)["Id"]
        socket: Any = self._client.api.exec_start(asked, socket=True)
        getattr(socket, "_sock", socket).sendall(f"{password}\n".encode())
        frames: Iterator[tuple[int, bytes]] = frames_iter(socket, tty=False)  # type: ignore[no-untyped-call]
        told = b"".join(part for _, part in frames)
        if self._client.api.exec_inspect(asked)["ExitCode"] != 0:
            raise self._trouble(code, told.decode(errors="replace"))

    def stream(self, code: str, *command: str) -> Iterator[bytes]:
        """What restic says of the copy at the second place, while it says it.

        Raises:
            Trouble: restic failed.
        """
        api = self._client.api
        asked = api.exec_create(self._container.id, ["upkeep", "restic", "second", code, *command])["Id"]
        errors = b""
        for output, error in api.exec_start(asked, stream=True, demux=True):
            errors += error or b""
            if output:
                yield output
        # None is that of a command that still runs: then the connection to it broke off.
        if api.exec_inspect(asked)["ExitCode"] != 0:
            raise self._trouble(code, errors.decode(errors="replace"))

    def _ask(self, command: Sequence[str], *, may_fail: bool = False) -> list[str]:
        done = self._container.exec_run(["upkeep", *command], demux=True)
        code, (output, errors) = done.exit_code, cast("tuple[bytes | None, bytes | None]", done.output)
        if code and not (may_fail and output):
            raise self._trouble(command[-1], (errors or b"").decode(errors="replace"))
        return [line for line in (output or b"").decode().splitlines() if line]

    def _find(self) -> Container:
        for container in containers_of(self._client, ""):
            if container.labels.get(f"{LABEL}.role") == "upkeep" and container.status == "running":
                return container
        raise Trouble(
            f"host {self._host}: its container upkeep does not run; `chm up host-{self._host}` starts it",
            exit_code=NOT_WELL,
        )

    def _trouble(self, code: str, told: str) -> Trouble:
        last = told.strip().splitlines()[-1] if told.strip() else "it was ended; repeat"
        return Trouble(f"host {self._host}: the upkeep of {code}'s backups: {last}", exit_code=NOT_WELL)


def _kept(told: Mapping[str, Any]) -> Kept:
    return Kept(
        at=datetime.fromisoformat(told["at"]),
        second=str(told["second"]),
        runs=dict(told["runs"]),
        alarms=tuple(told["alarms"]),
        faults=tuple(told["faults"]),
    )
