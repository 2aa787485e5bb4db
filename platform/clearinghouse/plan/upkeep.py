"""The upkeep of all repositories of a host; no partner shares a network with it."""

from clearinghouse.declare.host import Host
from clearinghouse.plan.addresses import PUBLIC_NETWORK
from clearinghouse.plan.backup import MAINTENANCE, MEMORY, REPOSITORIES, UID
from clearinghouse.plan.installation import PASSWORD, owner
from clearinghouse.plan.plan import Attachment, Container, Directory, File, Mount, Secret, Seed, Volume

ACCESS = Secret("second-place-access", kind="given")
"""Lines `NAME=value`: the variables by which restic gets into a second place that is elsewhere."""
_MIB = 1024 * 1024
_SECOND = Mount(Volume("chm-second-g1", "second", 1), "/second", is_read_only=False)
_MOUNTS = (
    Mount(Volume(REPOSITORIES, "repositories", 1), "/repositories", is_read_only=False),
    Mount(Volume(MEMORY, "upkeep", 1), "/memory", is_read_only=False),
)


def mounts(host: Host) -> tuple[Mount, ...]:
    """The volumes that it works on."""
    return _MOUNTS if host.second_place else (*_MOUNTS, _SECOND)


def directories(host: Host) -> tuple[Directory, ...]:
    """The folders that must be there, with their owner."""
    return tuple(Directory(mount.path, UID, UID, "0700") for mount in mounts(host))


def upkeep(host: Host) -> Container:
    """The container of a host that copies, checks and forgets backups."""
    # Who holds a password of that name is let into the copies of that repository too.
    paper = File(f"{owner(host.host)}_password", PASSWORD)
    files = [File("maintenance_password", Secret(MAINTENANCE)), paper]
    if host.second_place:
        files.append(File("second_access", ACCESS))
        if host.second_place.authority:
            files.append(File("second_authority", host.second_place.authority))
    return Container(
        role="upkeep",
        image="upkeep",
        user=f"{UID}:{UID}",
        networks=(Attachment(PUBLIC_NETWORK),) if host.second_place else (),
        mounts=(*mounts(host), Mount(Seed("upkeep-secrets", tuple(files), owner=UID), "/run/secrets")),
        env={"UPKEEP_SECOND": host.second_place.repository if host.second_place else ""},
        memory=1024 * _MIB,
        cpus=1,
        processes=128,
        # Packs on their way.
        temporary=256 * _MIB,
        health=("/bin/busybox", "pidof", "supercronic"),
        after=("prepare",),
    )
