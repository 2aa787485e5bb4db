"""The backup of the installation itself: what is declared, its state, and each host's own volumes."""

import json
from dataclasses import asdict

from clearinghouse.declare.host import Host
from clearinghouse.plan.backup import MAINTENANCE, MEMORY, REPOSITORIES, REPOSITORY, UID
from clearinghouse.plan.names import data_volume
from clearinghouse.plan.plan import Container, File, Mount, Plan, Secret, Seed, Volume
from clearinghouse.upkeep.retention import Retention

INSTALLATION = "installation"
"""What it is called on the command line; a partner's code has two letters, and is never this."""
FILES = f"/{INSTALLATION}"
"""Where its files are in a backup: laid over a checkout, they make it this installation again."""
PASSWORD = Secret("installation-password", kind="installation")
"""Opens the backups of the installation on every host, and their copies."""
RETENTION = Retention(daily=14, weekly=8, monthly=12)
WHY = (
    "restic runs as the repository's owner with DAC_OVERRIDE, to read what belongs to the edge; SETUID and"
    " SETGID are for becoming that owner. It has no network, mounts its data read-only, and ends"
)
_MIB = 1024 * 1024
_BECOME = (
    *("setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups"),
    *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
)


def owner(host: str) -> str:
    """Whose the repository on a host is: the second place of several hosts may be one."""
    return f"{INSTALLATION}-{host}"


def plan_installation(host: Host) -> Plan:
    """What makes the installation's backup on one host; it is no stack of its own, and runs when it is asked.

    Returns:
        A plan with one container; the installation's files are to be put at `FILES`.
    """
    code = owner(host.host)
    repository = Volume(REPOSITORIES, "repository", 1, is_on_disk=False, within=REPOSITORIES)
    mounts = (
        Mount(repository, REPOSITORY, is_read_only=False),
        Mount(data_volume("", "edge", {}), "/edge"),
        Mount(Volume(MEMORY, "upkeep", 1), "/upkeep"),
    )
    passwords = (File("repository_password", PASSWORD), File("maintenance_password", Secret(MAINTENANCE)))
    return Plan(
        stack=f"host-{host.host}",
        owner=code,
        tier="host",
        host=host.host,
        networks=(),
        containers=(_backup(code, (*mounts, Mount(Seed("secrets", passwords, owner=UID), "/run/secrets"))),),
    )


def _backup(code: str, mounts: tuple[Mount, ...]) -> Container:
    return Container(
        role="backup",
        image="backup",
        user="0:0",
        networks=(),
        mounts=mounts,
        env={
            "BACKUP_CODE": code,
            "BACKUP_DATABASE": "",
            "BACKUP_PATHS": " ".join((FILES, "/edge", "/upkeep")),
            "BACKUP_POLICY": json.dumps(asdict(RETENTION)),
            "RESTIC_REPOSITORY": f"{REPOSITORY}/{code}",
        },
        memory=512 * _MIB,
        cpus=1,
        processes=128,
        temporary=256 * _MIB,
        command=(*_BECOME, "/usr/local/bin/installation"),
        runs_once=True,
        capabilities=("DAC_OVERRIDE", "SETGID", "SETUID"),
        weakened=WHY,
    )
