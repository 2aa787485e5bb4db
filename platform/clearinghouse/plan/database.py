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
    """What differs from one kind of server to the other.

    Attributes:
        name: for people.
        home: where its data lies.
        health: its health check.
        versions: those that the platform has, oldest first.
        made_by: the file in its data with the version that it is of; where it lacks, that is the oldest.
    """

    name: str
    home: str
    health: tuple[str, ...]
    versions: tuple[str, ...]
    made_by: str


_SERVERS: Mapping[str, _Server] = {
    "mariadb": _Server(
        "MariaDB",
        "/var/lib/mysql",
        ("/usr/bin/mariadb-admin", "--socket=/run/mysqld/mysqld.sock", "ping"),
        ("10.11", "11.8"),
        "made-by",
    ),
    "postgresql": _Server(
        "PostgreSQL",
        "/var/lib/postgresql",
        ("/usr/lib/postgresql/bin/pg_isready", "--quiet", "--host=/run/postgresql", "--dbname=postgres"),
        ("15", "17"),
        "PG_VERSION",
    ),
}


def servers(kind: str) -> tuple[str, ...]:
    """The platform images of the servers of one kind, such as `mariadb-10.11`, oldest first."""
    return tuple(f"{kind}-{version}" for version in _SERVERS[kind].versions)


def kind_of(server: str) -> str:
    """The kind of a server by its image: `mariadb` or `postgresql`."""
    return server.partition("-")[0]


def title(server: str) -> str:
    """What a server is called, for people: `MariaDB 11.8`."""
    kind, _, version = server.partition("-")
    return f"{_SERVERS[kind].name} {version}"


def made_by(kind: str) -> str:
    """The file in a database's data that says which version it is of."""
    return _SERVERS[kind].made_by


def server(basis: Basis) -> str:
    """The server of a partner's data: the first there was of its kind, unless it was upgraded."""
    known = servers(basis.site.database or "mariadb")
    return basis.generations.database if basis.generations.database in known else known[0]


def environment() -> dict[str, str]:
    """Where the database is and what it is called, for those who use it; nothing secret."""
    return {"DATABASE_HOST": "database", "DATABASE_NAME": "site", "DATABASE_USER": "site"}


def database(basis: Basis) -> Container:
    """The database container of a partner."""
    image = server(basis)
    kind = _SERVERS[kind_of(image)]
    dump = (File("backup_password", BACKUP_PASSWORD),) if basis.is_dumped else ()
    secrets = Seed("database-secrets", (File("database_password", PASSWORD), *dump), owner=UID)
    return Container(
        role="database",
        image=image,
        user=f"{UID}:{UID}",
        networks=(Attachment(basis.network, aliases=("database",)),),
        mounts=(
            Mount(basis.data("database"), kind.home, is_read_only=False),
            Mount(secrets, "/run/secrets"),
        ),
        env={name: value for name, value in environment().items() if name != "DATABASE_HOST"},
        memory=basis.memory("database"),
        cpus=float(basis.partner.limits.cpus),
        processes=128,
        health=kind.health,
        after=("prepare",),
    )
