"""The one step that gives a stack's volumes their owners and mount points before anything runs."""

import shlex

from clearinghouse.plan.access import HOST_KEY
from clearinghouse.plan.backup import REPOSITORY
from clearinghouse.plan.backup import UID as REPOSITORY_UID
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.database import UID as DATABASE_UID
from clearinghouse.plan.plan import SITE_GROUP, Container, Directory, Mount, Volume
from clearinghouse.plan.relay import UID as RELAY_UID
from clearinghouse.plan.site_files import site_directories, writable

WHY = (
    "gives the volumes' directories their owners, which takes root with CHOWN, FOWNER, FSETID and"
    " DAC_OVERRIDE; it has no network, runs none of the partner's code, and ends"
)


def prepare(directories: tuple[Directory, ...], mounts: tuple[Mount, ...], *, image: str) -> Container:
    """A container that makes the directories, parents first, and ends.

    Args:
        directories: what must be there; a directory that exists keeps its content.
        mounts: the volumes that they lie in, writable.
        image: any platform image with coreutils.
    """
    return Container(
        role="prepare",
        image=image,
        user=f"0:{SITE_GROUP}",
        networks=(),
        mounts=mounts,
        memory=32 * 1024 * 1024,
        cpus=1,
        processes=32,
        command=("/bin/sh", "-ec", "\n".join(install(directory) for directory in directories)),
        runs_once=True,
        # Made anew, it must not take down first what starts after it.
        replacement="create-first",
        capabilities=("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID"),
        weakened=WHY,
    )


def prepare_partner(basis: Basis, repository: Volume | None) -> Container:
    """The step that readies all volumes of a partner, that of its backups too where it has one."""
    directories, mounts = site_directories(basis.site), writable(basis.mounts)
    if "database" in basis.roles:
        directories = (*directories, Directory("/data", DATABASE_UID, DATABASE_UID, "0700"))
        mounts = (*mounts, Mount(basis.data("database"), "/data", is_read_only=False))
    if "relay" in basis.roles:
        directories = (*directories, Directory("/spool", RELAY_UID, RELAY_UID, "0700"))
        mounts = (*mounts, Mount(basis.data("relay"), "/spool", is_read_only=False))
    if "access" in basis.roles:
        directories = (*directories, Directory(HOST_KEY, 0, 0, "0700"))
        mounts = (*mounts, Mount(basis.data("access"), HOST_KEY, is_read_only=False))
    if repository:
        directories = (*directories, Directory(REPOSITORY, REPOSITORY_UID, REPOSITORY_UID, "0700"))
        mounts = (*mounts, Mount(repository, REPOSITORY, is_read_only=False))
    return prepare(directories, mounts, image="web")


def install(directory: Directory) -> str:
    """The shell command that makes a directory, or gives one that is there its owner and mode."""
    return shlex.join(
        [
            "install",
            "--directory",
            f"--owner={directory.owner}",
            f"--group={directory.group}",
            f"--mode={directory.mode}",
            directory.path,
        ]
    )
