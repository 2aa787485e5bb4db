"""The plan: what is to run on one host for one stack. Values only, no effects.

Four consumers read it: provision (Pulumi), handover, review and audit; so a plan names
everything by what it is and nothing by how Pulumi or Docker spell it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SITE_GROUP = 2000
"""Group that access, app and web share over a site's files."""
SITE_BASE = "web"
"""The platform image that a built site is put into."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network of the stack.

    Attributes:
        name: its name on the engine.
        driver: `bridge` on one host, `overlay` over all hosts of the installation.
        subnet: IPv4 subnet in CIDR form.
        dynamic_range: the part of the subnet that Docker gives out by itself.
        subnet_v6: IPv6 subnet, for the network that publishes ports.
        is_internal: without a way out and, as a bridge, without an address on the host.
        has_way_out: one that is not internal may still be for ways in alone.
    """

    name: str
    driver: Literal["bridge", "overlay"]
    subnet: str
    dynamic_range: str | None = None
    subnet_v6: str | None = None
    is_internal: bool = True
    has_way_out: bool = True


@dataclass(frozen=True, slots=True)
class Volume:
    """A named volume with data that outlives its stack: one generation of it.

    Attributes:
        name: `chm-<owner>-<role>-g<generation>`.
        role: what it holds, such as `site` or `database`.
        generation: grows when a restore or an upgrade fills a new one beside it.
        is_on_disk: whether it lies on the partner's own disk, and so within its limit.
        within: the volume of the host's that it is a folder of, which bears the partner's code; else empty.
    """

    name: str
    role: str
    generation: int
    is_on_disk: bool = True
    within: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret by its name in the stack's configuration; the plan never holds its value.

    Attributes:
        kind: how a missing one is made: a `given` one by nobody, a `hosts` one is that of the host's stack,
            an `installation` one is the same on all hosts.
    """

    name: str
    kind: Literal["password", "ca-key", "ca-certificate", "given", "hosts", "installation"] = "password"


@dataclass(frozen=True, slots=True)
class File:
    """A small file that a container reads: fixed text, or the value of a secret."""

    name: str
    content: str | Secret


@dataclass(frozen=True, slots=True)
class Seed:
    """A small read-only volume, filled before its container starts; new content, new volume.

    Attributes:
        role: whose it is and what it holds, such as `web-config`.
        files: what is in it.
        owner: uid that owns the files.
        mode: their permission bits in octal.
    """

    role: str
    files: tuple[File, ...]
    owner: int
    mode: str = "0400"


@dataclass(frozen=True, slots=True)
class Tools:
    """A small read-only volume with what a platform image has at /tools; another image, another volume.

    Attributes:
        image: name of the platform image.
    """

    image: str


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume, a seed or tools at a path of a container."""

    source: Volume | Seed | Tools
    path: str
    is_read_only: bool = True


@dataclass(frozen=True, slots=True)
class Attachment:
    """A container's place on a network: a network of the plan, or one that the host stack made."""

    network: str
    aliases: tuple[str, ...] = ()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Port:
    """A port published on an address of the host."""

    address: str
    published: int
    internal: int
    protocol: Literal["tcp", "udp"] = "tcp"


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that a volume must have, with its owner and permission bits (octal)."""

    path: str
    owner: int
    group: int
    mode: str


@dataclass(frozen=True, slots=True)
class PartnerImage:
    """An image that the platform has not made; `reference` is its name with a tag or digest."""

    reference: str


@dataclass(frozen=True, slots=True)
class SiteImage:
    """A built site on the platform's image `web`, named by the hash of what it is built from.

    Attributes:
        partner: code of the partner whose site it is.
        digest: hash of all inputs of the site, 64 hexadecimal digits; empty in a plan that makes nothing.
    """

    partner: str
    digest: str

    @property
    def repository(self) -> str:
        """The name that all builds of the partner's site share."""
        return site_repository(self.partner)

    @property
    def reference(self) -> str:
        """The full name of this build, such as `clearinghouse/site-bj:0123456789ab`."""
        return f"{self.repository}:{self.digest[:12]}"


def site_repository(partner: str) -> str:
    """The name that all builds of a partner's site share, such as `clearinghouse/site-bj`."""
    return f"clearinghouse/site-{partner}"


Image = str | PartnerImage | SiteImage
"""What a container is made from: the name of a platform image, a partner's own image, or a built site."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container, hardened by the one maker in provision.

    Attributes:
        role: what it does; its name on the engine is `chm-<owner>-<role>`.
        image: name of the platform image, the partner's own, or a built site.
        user: `uid:gid`.
        networks: the first one is the network that it is created on.
        memory: bytes, swap included.
        cpus: how many processors it may use, such as 0.5.
        processes: the most processes and threads at a time.
        health: command and arguments of the health check, run without a shell.
        replacement: `create-first` lets the old one serve until the new one is healthy.
        command: arguments for the image's entry point.
        is_entry_point: the command is run in place of the image's entry point.
        temporary: size of /tmp in bytes; what is in it counts as memory.
        sysctls: kernel settings of its own network.
        dns: its resolvers, behind Docker's own.
        runs_once: prepares something and ends; its exit code must be 0.
        capabilities: what it keeps of the dropped capabilities.
        weakened: why it keeps them; a test lists every such sentence.
        after: roles that must be healthy before it starts.
    """

    role: str
    image: Image
    user: str
    networks: tuple[Attachment, ...]
    memory: int
    cpus: float
    processes: int
    health: tuple[str, ...] = ()
    replacement: Literal["create-first", "delete-first"] = "delete-first"
    mounts: tuple[Mount, ...] = ()
    ports: tuple[Port, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    is_entry_point: bool = False
    temporary: int = 64 * 1024 * 1024
    sysctls: Mapping[str, str] = field(default_factory=dict)
    dns: tuple[str, ...] = ()
    runs_once: bool = False
    capabilities: tuple[str, ...] = ()
    weakened: str = ""
    after: tuple[str, ...] = ()

    @property
    def prepares_disk(self) -> bool:
        """Whether it is what first finds the partner's disk."""
        return self.runs_once and any(volume.is_on_disk for volume in self.volumes)

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """The data volumes that it mounts."""
        return tuple(mount.source for mount in self.mounts if isinstance(mount.source, Volume))


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one stack is to be.

    Attributes:
        stack: name of the Pulumi stack, `cd` or `host-local`.
        owner: the part of every name after `chm-`: the partner's code, or nothing for a host's own parts.
        tier: the partner's tier, or `host`.
        host: name of the host that it runs on.
        images: platform images that this stack builds (a host's stack builds them all).
        names: domain names that it serves.
        disk: size in bytes of the one disk that its data volumes lie in; None where nothing limits them.
        installation: the name of the installation, for labels.
    """

    stack: str
    owner: str
    tier: str
    host: str
    networks: tuple[Network, ...]
    containers: tuple[Container, ...]
    images: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    disk: int | None = None
    installation: str = ""

    @property
    def prefix(self) -> str:
        """The start of every name of the stack on the engine, such as `chm-cd`."""
        return f"chm-{self.owner}" if self.owner else "chm"

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """The data volumes that the containers mount, each once, in their order."""
        return tuple(dict.fromkeys(m.source for m in self._mounts if isinstance(m.source, Volume)))

    @property
    def seeds(self) -> tuple[Seed, ...]:
        """The seeds that the containers mount, each once, in their order."""
        return tuple(dict.fromkeys(m.source for m in self._mounts if isinstance(m.source, Seed)))

    @property
    def tools(self) -> tuple[Tools, ...]:
        """The tools that the containers mount, each once, in their order."""
        return tuple(dict.fromkeys(m.source for m in self._mounts if isinstance(m.source, Tools)))

    @property
    def platform_images(self) -> tuple[str, ...]:
        """The platform images that its containers, tools and built sites are made from, each once."""
        running = (c.image for c in self.containers if isinstance(c.image, str))
        below = (SITE_BASE for _ in self.site_images)
        return tuple(dict.fromkeys((*running, *(tools.image for tools in self.tools), *below)))

    @property
    def partner_images(self) -> tuple[PartnerImage, ...]:
        """The images of the partner's own, each once."""
        return tuple(dict.fromkeys(c.image for c in self.containers if isinstance(c.image, PartnerImage)))

    @property
    def site_images(self) -> tuple[SiteImage, ...]:
        """The built sites that its containers are made from, each once."""
        return tuple(dict.fromkeys(c.image for c in self.containers if isinstance(c.image, SiteImage)))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that the stack's configuration must hold, each once."""
        files = (file for seed in self.seeds for file in seed.files)
        return tuple(dict.fromkeys(f.content for f in files if isinstance(f.content, Secret)))

    @property
    def _mounts(self) -> tuple[Mount, ...]:
        return tuple(mount for container in self.containers for mount in container.mounts)
