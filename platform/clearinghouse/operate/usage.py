"""What a partner uses of its limits, and which of them it has met since its containers were started."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import docker
import docker.errors
from docker.models.containers import Container

from clearinghouse.declare.quantities import UNITS, size_text
from clearinghouse.engine import LABEL, containers_of
from clearinghouse.plan.plan import Container as Planned
from clearinghouse.plan.plan import PartnerImage, Plan, Volume

_NEARLY_FULL = 0.95
_LAST = 2 * UNITS["M"]
"""Bytes that a file system keeps for itself to the last."""
_BUSYBOX = "/tools/busybox"
"""In every container of an image of a partner's own, from a volume that it cannot write to."""
_LONGEST = "5"
"""Seconds for one answer."""
_MOST = 64 * 1024
"""Bytes of one answer; what a partner's file system or processes tell is no reason to hold more."""
_EVENTS = (
    # Control groups of version 2, then of version 1.
    "/sys/fs/cgroup/memory.events",
    "/sys/fs/cgroup/pids.events",
    "/sys/fs/cgroup/memory/memory.oom_control",
    "/sys/fs/cgroup/pids/pids.events",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a limit is used, in bytes."""

    used: int
    limit: int

    def __str__(self) -> str:
        """For people: `4.9G of 5G`."""
        return f"{rounded(self.used)} of {size_text(self.limit)}"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a partner uses.

    Attributes:
        partner: its code.
        disk: its data and what the file system itself needs; None where nothing limits it, or nothing runs.
        memory: by role, without what the kernel would give back at once.
        ended: how often something in a container was ended for want of memory, by role.
        refused: how often a container was refused a process, by role.
    """

    partner: str
    disk: Amount | None = None
    memory: Mapping[str, Amount] = field(default_factory=dict)
    ended: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_disk_full(self) -> bool:
        """Whether nothing more can be written."""
        return self.disk is not None and self.disk.used >= self.disk.limit - max(
            self.disk.limit // 100, _LAST
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What the partner should know, a sentence each with the next step."""
        return tuple(self._notes())

    @property
    def summary(self) -> str:
        """All amounts in one line."""
        amounts = [f"disk {self.disk}"] if self.disk else []
        amounts += [f"memory of {role} {amount}" for role, amount in self.memory.items()]
        return ", ".join(amounts)

    def _notes(self) -> Iterator[str]:
        file = f"stacks/{self.partner}.yaml"
        if self.disk and self.disk.used >= self.disk.limit * _NEARLY_FULL:
            how = "full" if self.is_disk_full else "nearly full"
            yield f"the disk is {how}: {self.disk} used; remove files or raise limits/disk in {file}"
        for role, count in self.ended.items():
            of = f" ({size_text(self.memory[role].limit)})" if role in self.memory else ""
            yield (
                f"{role} met its limit of memory{of}, and something in it was ended{_times(count)};"
                f" raise limits/memory in {file}"
            )
        for role, count in self.refused.items():
            step = f"; raise limits/processes in {file}" if role == "app" else ""
            yield f"{role} met its limit of processes, and was refused more{_times(count)}{step}"


def usage(client: docker.DockerClient, plan: Plan) -> Usage:
    """What a partner's running containers use; asks the engine only, and changes nothing."""
    running = {
        each.labels[f"{LABEL}.role"]: each
        for each in containers_of(client, plan.owner)
        if each.status == "running"
    }
    served = {c.role: running[c.role] for c in plan.containers if c.role in running and not c.runs_once}
    planned = {container.role: container for container in plan.containers}
    met = {role: _met(client, container, planned[role]) for role, container in served.items()}
    return Usage(
        plan.owner,
        _disk(client, plan, running),
        {role: _memory(client, container) for role, container in served.items()},
        {role: ended for role, (ended, _) in met.items() if ended},
        {role: refused for role, (_, refused) in met.items() if refused},
    )


def rounded(count: int) -> str:
    """Bytes for people, at most one decimal: `4.9G`, `86M`."""
    unit = next((unit for unit in "TGM" if count >= UNITS[unit]), "K")
    text = f"{count / UNITS[unit]:.1f}" if count < 10 * UNITS[unit] else f"{count / UNITS[unit]:.0f}"
    return f"{text.removesuffix('.0')}{unit}"


def counts(told: str) -> tuple[int, int]:
    """Read `grep -H` of the event files: ends for want of memory, and processes refused."""
    found = dict.fromkeys(("oom_kill", "max"), 0)
    for file, name, number in re.findall(r"^(\S+):(\w+) (\d+)$", told, re.MULTILINE):
        if (name == "oom_kill") or (name == "max" and file.endswith("pids.events")):
            found[name] = max(found[name], int(number))
    return found["oom_kill"], found["max"]


def _met(client: docker.DockerClient, container: Container, planned: Planned) -> tuple[int, int]:
    """Where nothing could be asked, only what ended the whole container is known."""
    _, told = _tell(client, container, planned, ["grep", "-Hs", ".", *_EVENTS])
    ended, refused = counts(told)
    return ended or int(bool(container.attrs["State"].get("OOMKilled"))), refused


def _disk(client: docker.DockerClient, plan: Plan, running: Mapping[str, Container]) -> Amount | None:
    """Asked in any container that mounts a volume of the disk: all of those show the same."""
    if plan.disk is None:
        return None
    for container in plan.containers:
        for mount in container.mounts:
            is_on_disk = isinstance(mount.source, Volume) and mount.source.is_on_disk
            if is_on_disk and container.role in running:
                code, told = _tell(client, running[container.role], container, ["df", "-Pk", mount.path])
                if code == 0 and (found := re.search(r" (\d+) +\d+% ", told)):
                    return Amount(max(0, plan.disk - int(found[1]) * 1024), plan.disk)
    return None


def _memory(client: docker.DockerClient, container: Container) -> Amount:
    told = client.api.stats(str(container.id), stream=False, one_shot=True)["memory_stats"]
    details = told.get("stats") or {}
    spare = details.get("total_inactive_file", details.get("inactive_file", 0))
    return Amount(max(0, told.get("usage", 0) - spare), container.attrs["HostConfig"]["Memory"])


def _tell(
    client: docker.DockerClient, container: Container, planned: Planned, command: list[str]
) -> tuple[int, str]:
    """Run a short command in a container, and hear no more of it than `_MOST` bytes."""
    api = client.api
    try:
        asked = api.exec_create(container.id, bounded(planned, command))["Id"]
        parts = api.exec_start(asked, stream=True)
        text = first_of(parts)
        # Some connections cannot be closed from here; then the command ends by itself.
        with suppress(docker.errors.DockerException, OSError, AttributeError):
            parts.close()
        return api.exec_inspect(asked)["ExitCode"] or 0, text.decode(errors="replace")
    except docker.errors.DockerException:
        return 1, ""


def bounded(planned: Planned, command: list[str]) -> list[str]:
    """A command that ends within some seconds; an image of a partner's own is asked with our program."""
    if isinstance(planned.image, PartnerImage):
        return [_BUSYBOX, "timeout", "-s", "KILL", _LONGEST, _BUSYBOX, *command]
    return ["timeout", "-s", "KILL", _LONGEST, *command]


def first_of(parts: Iterable[bytes]) -> bytes:
    """The first `_MOST` bytes of what comes in parts; no part after them is taken."""
    text = b""
    for part in parts:
        text += part
        if len(text) >= _MOST:
            break
    return text[:_MOST]


def _times(count: int) -> str:
    return "" if count == 1 else f" ({count} times)"
