"""The partner's own database server, never shared."""

from clearinghouse.plan.basis import Basis
from clearinghouse.plan.plan import Attachment, Container, File, Mount, Secret, Seed

UID = 2004
PASSWORD = Secret("database-password")
PASSWORD_FILE = "/run/secrets/database_password"
HEALTH = ("/usr/bin/mariadb-admin", "--socket=/run/mysqld/mysqld.sock", "ping")


def environment() -> dict[str, str]:
    """Where the database is and what it is called, for those who use it; nothing secret."""
    return {"DATABASE_HOST": "database", "DATABASE_NAME": "site", "DATABASE_USER": "site"}


def database(basis: Basis) -> Container:
    """The MariaDB container of a partner."""
    secrets = Seed("database-secrets", (File("database_password", PASSWORD),), owner=UID)
    return Container(
        role="database",
        image="mariadb",
        user=f"{UID}:{UID}",
        networks=(Attachment(basis.network, aliases=("database",)),),
        mounts=(
            Mount(basis.data("database"), "/var/lib/mysql", is_read_only=False),
            Mount(secrets, "/run/secrets"),
        ),
        env={name: value for name, value in environment().items() if name != "DATABASE_HOST"},
        memory=basis.memory("database"),
        cpus=float(basis.partner.limits.cpus),
        processes=128,
        health=HEALTH,
        after=("prepare",),
    )
