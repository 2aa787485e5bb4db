"""The partner's PHP, run by php-fpm and reached by web alone."""

from clearinghouse.plan import php_config, proxy, relay
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.database import PASSWORD, PASSWORD_FILE, environment
from clearinghouse.plan.plan import SITE_GROUP, Attachment, Container, File, Mount, Seed
from clearinghouse.plan.site_files import OWNER

HEALTH = ("/usr/bin/env", "SCRIPT_NAME=/fpm-ping", "SCRIPT_FILENAME=/fpm-ping", "REQUEST_METHOD=GET",
          "cgi-fcgi", "-bind", "-connect", "127.0.0.1:9000")  # fmt: skip


def app(basis: Basis) -> Container:
    """The app container of a partner with runtime php."""
    partner, site = basis.partner, basis.site
    memory, has_database = basis.memory("app"), site.database is not None
    config = Seed(
        "app-config",
        tuple(File(name, text) for name, text in php_config.files(site, memory).items()),
        owner=OWNER,
    )
    secrets = Seed("app-secrets", (File("database_password", PASSWORD),), owner=OWNER)
    return Container(
        role="app",
        image="php",
        user=f"{OWNER}:{SITE_GROUP}",
        networks=(Attachment(basis.network, aliases=("app",)),),
        mounts=(
            *basis.mounts,
            Mount(config, "/config"),
            *([Mount(secrets, "/run/secrets")] if has_database else []),
        ),
        env=_environment(basis),
        memory=memory,
        cpus=float(partner.limits.cpus),
        processes=partner.limits.processes,
        temporary=php_config.temporary_space(site),
        health=HEALTH,
        replacement="create-first",
        after=("database",) if has_database else ("prepare",),
    )


def _environment(basis: Basis) -> dict[str, str]:
    """What the site's code finds in its environment; php-fpm hands on what its configuration names."""
    has_database = basis.site.database is not None
    own = environment() | {"DATABASE_PASSWORD_FILE": PASSWORD_FILE} if has_database else {}
    return own | proxy.environment(basis) | relay.environment(basis)
