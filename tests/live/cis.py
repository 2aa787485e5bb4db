"""Section 5 of the CIS Docker Benchmark 1.6, as docker-bench-security checks it, and our deviations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

EVERY = "every container"
Inspected = Mapping[str, Any]
"""What `docker inspect` says of a container."""


@dataclass(frozen=True)
class Engine:
    """What a check must know beside the container.

    Attributes:
        options: the engine's security options.
        is_swarm: whether it is a swarm node.
        images: tags by the id of each image that is there.
        executions: what runs in containers by `docker exec`, as the Engine API's ExecInspect says.
    """

    options: str
    is_swarm: bool
    images: Mapping[str, list[str]]
    executions: Mapping[str, list[Inspected]]


@dataclass(frozen=True)
class Check:
    """One recommendation: its title and whether a container follows it."""

    title: str
    follows: Callable[[Inspected, Engine], bool]


@dataclass(frozen=True)
class Deviation:
    """A recommendation that we do not follow: its number, the containers by role, and why."""

    number: str
    role: str
    reason: str


def _has(option: str) -> Callable[[Inspected, Engine], bool]:
    """A profile of a security module, which the engine sets by itself where the kernel has the module."""
    return lambda c, engine: (
        f"name={option}" not in engine.options or bool(c["AppArmorProfile"] or c["ProcessLabel"])
    )


def _host(key: str) -> Callable[[Inspected, Engine], bool]:
    return lambda c, _: c["HostConfig"][key] != "host"


def _bindings(c: Inspected) -> list[tuple[str, int]]:
    """The published ports: address and number on the host."""
    published = c["HostConfig"]["PortBindings"] or {}
    return [(each["HostIp"], int(each["HostPort"])) for found in published.values() for each in found]


def _open_ports(c: Inspected) -> bool:
    """Only an edge and access publish ports."""
    return not _bindings(c) or _role(c) in ("edge", "access")


def _sources(c: Inspected) -> list[str]:
    """The host's own paths that are mounted, which volumes are not."""
    return [mount["Source"] for mount in c["Mounts"] if mount["Type"] != "volume"]


def _role(c: Inspected) -> str:
    return str(c["Config"]["Labels"]["be.clearinghouse.role"])


def _shared(mount: Inspected) -> bool:
    return str(mount.get("Propagation", "")) in ("shared", "rshared")


CHECKS: Mapping[str, Check] = {
    "5.1": Check("swarm mode is not enabled unless needed", lambda _, engine: not engine.is_swarm),
    "5.2": Check("an AppArmor profile is in force where the kernel has it", _has("apparmor")),
    "5.3": Check("SELinux options are set where the kernel has it", _has("selinux")),
    "5.4": Check("capabilities are restricted", lambda c, _: not c["HostConfig"]["CapAdd"]),
    "5.5": Check("no privileged container", lambda c, _: not c["HostConfig"]["Privileged"]),
    "5.6": Check("no directory of the host is mounted", lambda c, _: not _sources(c)),
    "5.7": Check("no sshd in a container", lambda c, _: _role(c) != "access"),
    "5.8": Check("no privileged port is mapped", lambda c, _: all(p >= 1024 for _, p in _bindings(c))),
    "5.9": Check("only needed ports are open", lambda c, _: _open_ports(c)),
    "5.10": Check("the host's network is not shared", _host("NetworkMode")),
    "5.11": Check("memory is limited", lambda c, _: c["HostConfig"]["Memory"] > 0),
    "5.12": Check("a CPU priority is set", lambda c, _: c["HostConfig"]["CpuShares"] > 0),
    "5.13": Check("the root file system is read-only", lambda c, _: c["HostConfig"]["ReadonlyRootfs"]),
    "5.14": Check(
        "ports are bound to an address of the host",
        lambda c, _: all(address not in ("", "0.0.0.0", "::") for address, _ in _bindings(c)),
    ),
    "5.15": Check(
        "the restart policy is on-failure, five times at most",
        lambda c, _: c["HostConfig"]["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 5},
    ),
    "5.16": Check("the host's process namespace is not shared", _host("PidMode")),
    "5.17": Check("the host's IPC namespace is not shared", _host("IpcMode")),
    "5.18": Check("no device of the host is exposed", lambda c, _: not c["HostConfig"]["Devices"]),
    "5.19": Check("the default ulimits are overridden", lambda c, _: bool(c["HostConfig"]["Ulimits"])),
    "5.20": Check("no mount is shared", lambda c, _: not any(map(_shared, c["Mounts"]))),
    "5.21": Check("the host's UTS namespace is not shared", _host("UTSMode")),
    "5.22": Check(
        "the default seccomp profile is in force",
        lambda c, engine: (
            "name=seccomp" in engine.options and "seccomp" not in str(c["HostConfig"]["SecurityOpt"])
        ),
    ),
    "5.23": Check(
        "docker exec is not used with --privileged",
        lambda c, engine: not any(e["ProcessConfig"]["privileged"] for e in engine.executions[c["Id"]]),
    ),
    "5.24": Check(
        "docker exec is not used as root",
        lambda c, engine: (
            not any(
                e["ProcessConfig"].get("user", "") in ("root", "0", "0:0") for e in engine.executions[c["Id"]]
            )
        ),
    ),
    "5.25": Check("the default cgroup is used", lambda c, _: not c["HostConfig"]["CgroupParent"]),
    "5.26": Check(
        "no process gains privileges",
        lambda c, _: "no-new-privileges:true" in c["HostConfig"]["SecurityOpt"],
    ),
    "5.27": Check("health is checked", lambda c, _: bool(c["Config"].get("Healthcheck"))),
    "5.28": Check(
        "the image is the current version",
        lambda c, engine: any(":" in tag for tag in engine.images.get(c["Image"], [])),
    ),
    "5.29": Check("processes are limited", lambda c, _: (c["HostConfig"]["PidsLimit"] or 0) > 0),
    "5.30": Check(
        "the default bridge docker0 is not used",
        lambda c, _: "bridge" not in c["NetworkSettings"]["Networks"],
    ),
    "5.31": Check("the host's user namespace is not shared", _host("UsernsMode")),
    "5.32": Check(
        "the Docker socket is not mounted", lambda c, _: not any("docker.sock" in str(m) for m in c["Mounts"])
    ),
}

DEVIATIONS: tuple[Deviation, ...] = (
    Deviation("5.1", EVERY, "the edge network is an overlay, and only swarm nodes have it (ADR 0001)"),
    Deviation(
        "5.4", "access", "SETUID, SETGID and SYS_CHROOT: sshd locks each webmaster into the site's folder"
    ),
    Deviation(
        "5.4",
        "backup",
        "DAC_OVERRIDE: restic reads whatever owner and mode a file has; all data is mounted read-only",
    ),
    Deviation("5.7", "access", "sshd is its only purpose: webmasters come by SFTP and rsync"),
    Deviation("5.8", "edge", "80 and 443 are where the public comes"),
    Deviation(
        "5.15", EVERY, "unless-stopped: a site comes back whatever ended it, also a restart of its host"
    ),
)


def deviating(number: str, containers: list[Inspected], engine: Engine) -> set[str]:
    """The roles of the containers that do not follow a recommendation; `every container` where none does."""
    found = {_role(c) for c in containers if not CHECKS[number].follows(c, engine)}
    return {EVERY} if found == {_role(c) for c in containers} else found
