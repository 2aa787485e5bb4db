"""The partner's own database server, never shared."""

from collections.abc import Mapping
from dataclasses import dataclass

from clearinghouse.plan.basis import Basis
from clearinghouse.plan.plan import Attachment, Container, File, Mount, Secret, Seed

UID = 2004
PASSWORD = Secret("database-password")
PASSWORD_FILE = "/run/secrets/database_password"
BACKUP_PASSWORD = Secret("database-backup-password")
"""Of the account that may only read, for dumps."""


@dataclass(frozen=True, slots=True)
class _Server:
    """What differs from one kind of server to the other: where its data lies, and its health check."""

    home: str
    health: tuple[str, ...]


_SERVERS: Mapping[str, _Server] = {
    "mariadb": _Server(
        "/var/lib/mysql", ("/usr/bin/mariadb-admin", "--socket=/run/mysqld/mysqld.sock", "ping")
    ),
    "postgresql": _Server(
        "/var/lib/postgresql",
        ("/usr/lib/postgresql/15/bin/pg_isready", "--quiet", "--host=/run/postgresql", "--dbname=postgres"),
    ),
}


def environment() -> dict[str, str]:
    """Where the database is and what it is called, for those who use it; nothing secret."""
    return {"DATABASE_HOST": "database", "DATABASE_NAME": "site", "DATABASE_USER": "site"}


def database(basis: Basis) -> Container:
    """The database container of a partner: the platform image has the name of its kind."""
    kind = basis.site.database or "mariadb"
    server = _SERVERS[kind]
    dump = (File("backup_password", BACKUP_PASSWORD),) if basis.is_dumped else ()
    secrets = Seed("database-secrets", (File("database_password", PASSWORD), *dump), owner=UID)
    return Container(
        role="database",
        image=kind,
        user=f"{UID}:{UID}",
        networks=(Attachment(basis.network, aliases=("database",)),),
        mounts=(
            Mount(basis.data("database"), server.home, is_read_only=False),
            Mount(secrets, "/run/secrets"),
        ),
        env={name: value for name, value in environment().items() if name != "DATABASE_HOST"},
        memory=basis.memory("database"),
        cpus=float(basis.partner.limits.cpus),
        processes=128,
        health=server.health,
        after=("prepare",),
    )
