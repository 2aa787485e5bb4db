"""A partner's disk: a file system of a fixed size in a file of the host, which all of its data lies in.

The kernel keeps the limit, whoever writes. The work is done by `disk.sh` on the host itself, which
a short-lived container enters: so a host that is reached by the Docker API alone needs nothing more.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import docker
import docker.errors
from docker.models.containers import Container
from docker.types import LogConfig

from clearinghouse.declare.quantities import size_text
from clearinghouse.engine import BASE_IMAGE, LABEL, containers_of
from clearinghouse.errors import NOT_WELL, Trouble

_BESIDE = "-clearinghouse"
"""Beside the engine's folder, not in it: an engine that stops may unmount all that is below its own."""
_DOES_NOT_SHRINK, _MUST_BE_UNMOUNTED, _IN_USE = 74, 75, 76
_ENTER = ("/bin/sh", "-c", 'exec nsenter --target "$PPID" --mount -- /bin/sh -c "$@"', "enter")
"""What starts a container is a process of the host, so its parent is in the host's mount namespace."""
_LOOP_DEVICES = ("b 7:* rwm", "c 10:237 rw")
_RIGHTS = ("SYS_ADMIN", "SYS_PTRACE")
_RIGHT_TO_RESIZE = "SYS_RESOURCE"


@dataclass(frozen=True, slots=True)
class Disk:
    """What a partner's disk is to be.

    Attributes:
        owner: the partner's code.
        host: name of its host, for messages.
        size: bytes.
        directories: what must be in it, one for each data volume.
    """

    owner: str
    host: str
    size: int
    directories: tuple[str, ...]


def place(client: docker.DockerClient, owner: str) -> str:
    """The folder of the host that a partner's disk is mounted at."""
    return f"{_folder(client)}/{owner}"


def make(client: docker.DockerClient, disk: Disk) -> bool:
    """Make, mount and enlarge a disk, as far as it is not done yet.

    Returns:
        Whether the partner's containers had to be stopped for a moment.

    Raises:
        Trouble: it is larger already, or the host has no loop devices for it.
    """
    code, told = _run(client, "make", disk)
    if code == _DOES_NOT_SHRINK:
        raise too_large(disk, int(told))
    if code == _MUST_BE_UNMOUNTED:
        return _enlarge(client, disk)
    _check(code, told, disk)
    return False


def too_large(disk: Disk, size: int) -> Trouble:
    """The refusal of a disk that would have to shrink."""
    return Trouble(
        f"stack {disk.owner}: limits/disk: should be at least {size_text(size)}, for a disk does not shrink,"
        f" is {size_text(disk.size)}; write {size_text(size)}, or begin anew with"
        f" `chm down {disk.owner} --delete-data`"
    )


def mount_all(client: docker.DockerClient) -> tuple[str, ...]:
    """Mount every disk that is on a host, and give their owners.

    Raises:
        Trouble: some are broken; they are named, and all the others are mounted.
    """
    code, told = _in_host(client, "every", ["mount", _folder(client)])
    broken = [word.removeprefix("broken:") for word in told.split() if word.startswith("broken:")]
    if code:
        what = f"the disks of {', '.join(broken)}" if broken else f"the partners' disks ({told})"
        folder = _folder(client)
        raise Trouble(
            f"{what} could not be mounted, all others are; `e2fsck -f {folder}/CODE.img` there says why",
            exit_code=NOT_WELL,
        )
    return tuple(told.split())


def remount(client: docker.DockerClient, disk: Disk) -> None:
    """Mount a disk that is there, as after a reboot."""
    code, told = _run(client, "remount", disk)
    _check(code, told, disk)


def remove(client: docker.DockerClient, disk: Disk) -> None:
    """Remove a disk with all that is in it; its containers and volumes must be gone."""
    code, told = _run(client, "remove", disk)
    _check(code, told, disk)


def grows_in_use(client: docker.DockerClient) -> bool:
    """Whether the engine may give a container the right to enlarge a mounted file system."""
    try:
        return _in_host(client, "trial", ["mount", "/nonexistent"], _RIGHT_TO_RESIZE)[0] == 0
    except docker.errors.APIError:
        return False


def _enlarge(client: docker.DockerClient, disk: Disk) -> bool:
    try:
        code, _ = _run(client, "make", disk, _RIGHT_TO_RESIZE)
        if code == 0:
            return False
    except docker.errors.APIError:
        pass  # The engine lacks the right itself, and so cannot give it.
    stopped = _stop(client, disk.owner)
    try:
        _check(*_run(client, "grow", disk), disk)
    finally:
        left = _start(stopped)
    if left:
        raise Trouble(
            f"stack {disk.owner}: {', '.join(left)} did not start again after its disk was enlarged; repeat",
            exit_code=NOT_WELL,
        )
    _check(*_run(client, "make", disk), disk)
    return True


def _stop(client: docker.DockerClient, owner: str) -> list[Container]:
    """Stop a partner's containers, also those that just restart; in the order in which they were started."""
    there = [each for each in containers_of(client, owner) if each.status in ("running", "restarting")]
    for container in there:
        container.stop(timeout=30)
    return sorted(there, key=lambda each: str(each.attrs["State"]["StartedAt"]))


def _start(stopped: Iterable[Container]) -> list[str]:
    """Start all of them, whatever becomes of one; gives the names of those that did not start."""
    left = []
    for container in stopped:
        try:
            container.start()
        except docker.errors.APIError:
            left.append(str(container.name))
    return left


def _run(client: docker.DockerClient, verb: str, disk: Disk, *rights: str) -> tuple[int, str]:
    arguments = [verb, _folder(client), disk.owner, str(disk.size), *disk.directories]
    return _in_host(client, disk.owner, arguments, *rights)


def _in_host(
    client: docker.DockerClient, owner: str, arguments: Iterable[str], *rights: str
) -> tuple[int, str]:
    """Run `disk.sh` on the host itself; gives its exit code and what it said."""
    script = Path(__file__).with_name("disk.sh").read_text()
    _remove_leftovers(client)
    helper = client.containers.create(
        BASE_IMAGE,
        [*_ENTER, script, "disk", *arguments],
        name=f"chm-{owner}-disk-{token_hex(4)}",
        labels={f"{LABEL}.helper": "disk"},
        network_mode="none",
        log_config=LogConfig(type="json-file"),
        pid_mode="host",
        cap_add=[*_RIGHTS, *rights],
        security_opt=["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
        device_cgroup_rules=list(_LOOP_DEVICES),
    )
    try:
        helper.start()
        code = int(helper.wait()["StatusCode"])
        return code, helper.logs().decode(errors="replace").strip()
    finally:
        helper.remove(force=True)


def _remove_leftovers(client: docker.DockerClient) -> None:
    """Of runs that were killed long ago; what they had begun is finished by the next."""
    before = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    for helper in client.containers.list(
        all=True, filters={"label": f"{LABEL}.helper=disk"}, ignore_removed=True
    ):
        if helper.status != "running" and str(helper.attrs["Created"]) < before:
            with suppress(docker.errors.APIError):
                helper.remove(force=True)


def _check(code: int, told: str, disk: Disk) -> None:
    if code == _IN_USE:
        raise Trouble(
            f"host {disk.host}: the disk of {disk.owner} is still in use there, and was left as it is;"
            f" `docker ps --filter label={LABEL}.owner={disk.owner}` shows by what: stop that and repeat",
            exit_code=NOT_WELL,
        )
    if code:
        last = told.splitlines()[-1] if told else f"exit code {code}"
        raise Trouble(
            f"host {disk.host}: the disk of {disk.owner} could not be made ({last}); it needs loop devices,"
            " ext4 and e2fsprogs on the host, or `disk_limits: false` in"
            f" stacks/hosts/{disk.host}.yaml, and then no partner's disk is limited there",
            exit_code=NOT_WELL,
        )


def _folder(client: docker.DockerClient) -> str:
    info: dict[str, Any] = client.info()
    return f"{info['DockerRootDir']}{_BESIDE}"
