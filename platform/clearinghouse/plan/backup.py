"""A partner's backups: what makes them, and the repository that keeps them and takes nothing back."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace

from clearinghouse.declare.backup import DISKS, retention
from clearinghouse.declare.partner import Partner
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.database import BACKUP_PASSWORD, environment, server
from clearinghouse.plan.plan import Attachment, Container, File, Mount, Plan, Secret, Seed, Volume
from clearinghouse.plan.site_files import ROOT, excluded

UID = 2012
"""Uid of the repository's server and owner of its files."""
REPOSITORY = "/repository"
"""Where the repository's volume is mounted; the repository is in a folder named by the partner's code."""
DUMP = "database.sql"
"""What the database's dump is called in a backup."""
PASSWORD = Secret("repository-password")
"""Opens the repository, for the client that fills it."""
MAINTENANCE = "maintenance-password"
"""Opens all repositories of a host, for their upkeep."""
REPOSITORIES = "chm-repositories-g1"
"""The volume of a host that all of its partners' repositories lie in."""
MEMORY = "chm-upkeep-g1"
"""The volume with what their upkeep remembers."""
HTTP_PASSWORD = Secret("repository-http-password")
"""Lets add to the repository."""
_PORT = 8000
_LISTENING = ("/proc/net/tcp", "/proc/net/tcp6")
_MIB = 1024 * 1024
WHY = (
    "restic is root with DAC_OVERRIDE to read whatever owner and mode a file has, so that none is left out;"
    " all data is mounted read-only. Not DAC_READ_SEARCH: with that a container opens any file of its host"
    " by a file handle"
)


def backups(basis: Basis, parts: Iterable[Container]) -> tuple[Container, ...]:
    """The repository and what fills it, for a partner that has data.

    Args:
        parts: all other containers of the partner; what they mount is what is backed up.

    Returns:
        Three containers, the step that makes the repository first; none where all data is excluded.
    """
    volumes = tuple(dict.fromkeys(volume for part in parts for volume in part.volumes))
    kept = tuple(volume for volume in volumes if volume.role not in excluded(basis.partner))
    return (_keys(basis), _repository(basis), _backup(basis, kept)) if kept else ()


def uncovered(plan: Plan, partner: Partner) -> tuple[Volume, ...]:
    """The data volumes of a partner's plan that are neither backed up nor excluded; there should be none."""
    saving = next((container for container in plan.containers if container.role == "backup"), None)
    covered = set(saving.volumes) if saving else set()
    dumped = {"database"} if saving and saving.env["BACKUP_DATABASE"] else set()
    fine = {*excluded(partner), *dumped, "repository"}
    return tuple(each for each in plan.volumes if each not in covered and each.role not in fine)


def minute(code: str) -> int:
    """The minute of the hour in which a partner's backup begins: neighbours in the alphabet are apart."""
    return (ord(code[0]) * 7 + ord(code[1]) * 13) % 60


def most(partner: Partner) -> int:
    """The most bytes that a partner's repository may take."""
    return partner.backup.size or DISKS * partner.limits.disk


def _volume(basis: Basis) -> Volume:
    return replace(basis.data("repository"), is_on_disk=False, within=REPOSITORIES)


def _keys(basis: Basis) -> Container:
    """Makes the repository, with the client's key and the host's, and says how long its runs are kept."""
    keep = retention(basis.partner.tier, basis.partner.backup.keep)
    passwords = (
        File("repository_password", PASSWORD),
        File("maintenance_password", Secret(MAINTENANCE, kind="hosts")),
    )
    return Container(
        role="keys",
        image="backup",
        user=f"{UID}:{UID}",
        networks=(),
        mounts=(
            Mount(_volume(basis), REPOSITORY, is_read_only=False),
            Mount(Seed("keys-secrets", passwords, owner=UID), "/run/secrets"),
        ),
        env={"BACKUP_CODE": basis.partner.partner, "BACKUP_POLICY": json.dumps(asdict(keep))},
        memory=256 * _MIB,
        cpus=1,
        processes=32,
        command=("/usr/local/bin/keys",),
        runs_once=True,
        replacement="create-first",
        after=("prepare",),
    )


def _repository(basis: Basis) -> Container:
    code = basis.partner.partner
    volume = _volume(basis)
    secrets = Seed("repository-secrets", (File("http_password", HTTP_PASSWORD),), owner=UID)
    return Container(
        role="repository",
        image="repository",
        user=f"{UID}:{UID}",
        networks=(Attachment(basis.backup_network, aliases=("repository",)),),
        mounts=(Mount(volume, REPOSITORY, is_read_only=False), Mount(secrets, "/run/secrets")),
        env={"REPOSITORY_USER": code, "REPOSITORY_SIZE": str(most(basis.partner))},
        memory=128 * _MIB,
        cpus=float(basis.partner.limits.cpus),
        processes=64,
        health=("/bin/busybox", "grep", "-qs", f":{_PORT:04X} 0*:0000 0A", *_LISTENING),
        after=("keys",),
    )


def _backup(basis: Basis, kept: tuple[Volume, ...]) -> Container:
    partner = basis.partner
    mounts = tuple(Mount(each, _path(basis, each)) for each in kept if each.role != "database")
    passwords = [File("repository_password", PASSWORD), File("http_password", HTTP_PASSWORD)]
    if basis.is_dumped:
        passwords.append(File("database_password", BACKUP_PASSWORD))
    jobs = Seed("backup-config", (File("crontab", crontab(partner)),), owner=0)
    return Container(
        role="backup",
        image="backup",
        user="0:0",
        networks=(
            Attachment(basis.backup_network),
            *([Attachment(basis.network)] if basis.is_dumped else []),
        ),
        mounts=(
            *mounts,
            Mount(Seed("backup-secrets", tuple(passwords), owner=0), "/run/secrets"),
            Mount(jobs, "/config"),
        ),
        env={
            "BACKUP_CODE": partner.partner,
            "BACKUP_DATABASE": server(basis) if basis.is_dumped else "",
            "BACKUP_PATHS": " ".join(_tops(mounts)),
            "BACKUP_SECOND": str(partner.backup.hour * 3600 + minute(partner.partner) * 60),
            "BACKUP_ZONE": partner.backup.time_zone,
            "DATABASE_NAME": environment()["DATABASE_NAME"],
        },
        memory=512 * _MIB,
        cpus=float(partner.limits.cpus),
        processes=128,
        # Restic's packs on their way, and its cache.
        temporary=256 * _MIB,
        health=("/bin/busybox", "pidof", "supercronic"),
        capabilities=("DAC_OVERRIDE",),
        weakened=WHY,
        after=("repository",),
    )


def crontab(partner: Partner) -> str:
    """Once an hour it is looked whether a backup is due: so one that was missed or failed is made up for."""
    at = f"0 {minute(partner.partner)} * * * * *"
    return f"CRON_TZ={partner.backup.time_zone}\n{at} /usr/local/bin/backup due\n"


def _path(basis: Basis, volume: Volume) -> str:
    """Where the site has it; what is not the site's, under its role."""
    of_site = {mount.source: mount.path for mount in basis.mounts}
    return of_site.get(volume, f"/{volume.role}")


def _tops(mounts: tuple[Mount, ...]) -> list[str]:
    """The paths that all others are below."""
    paths = [mount.path for mount in mounts]
    return [path for path in paths if path == ROOT or ROOT not in paths or not path.startswith(f"{ROOT}/")]
