"""What makes the partner's pages, reached by web alone: PHP run by php-fpm, or the partner's own image."""

from clearinghouse.plan import php_config, proxy, relay
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.database import PASSWORD, PASSWORD_FILE, environment
from clearinghouse.plan.plan import (
    SITE_GROUP,
    Attachment,
    Container,
    File,
    Mount,
    PartnerImage,
    Seed,
    Tools,
)
from clearinghouse.plan.site_files import OWNER

TOOLS = Mount(Tools("tools"), "/tools")
HEALTH = ("/usr/bin/env", "SCRIPT_NAME=/fpm-ping", "SCRIPT_FILENAME=/fpm-ping", "REQUEST_METHOD=GET",
          "cgi-fcgi", "-bind", "-connect", "127.0.0.1:9000")  # fmt: skip


def app(basis: Basis) -> Container:
    """The app container of a partner with runtime php or image."""
    return _own_image(basis) if basis.site.runtime == "image" else _php(basis)


def _php(basis: Basis) -> Container:
    memory = basis.memory("app")
    config = Seed(
        "app-config",
        tuple(File(name, text) for name, text in php_config.files(basis.site, memory).items()),
        owner=OWNER,
    )
    return _app(
        basis,
        image="php",
        mounts=(Mount(config, "/config"),),
        env={},
        temporary=php_config.temporary_space(basis.site),
        health=HEALTH,
    )


def _own_image(basis: Basis) -> Container:
    """The image may hold one program and nothing else, so the health check brings its own."""
    site = basis.site
    return _app(
        basis,
        image=PartnerImage(site.image or ""),
        mounts=(TOOLS,),
        # Nothing but /tmp is there for a home, and the image knows no user of this number.
        env={"PORT": str(site.port), "HOME": "/tmp"},
        temporary=64 * 1024 * 1024,
        health=("/tools/alive", f"127.0.0.1:{site.port}", basis.partner.canonical, site.health.path),
    )


def _app(
    basis: Basis,
    *,
    image: str | PartnerImage,
    mounts: tuple[Mount, ...],
    env: dict[str, str],
    temporary: int,
    health: tuple[str, ...],
) -> Container:
    has_database = basis.site.database is not None
    secrets = Seed("app-secrets", (File("database_password", PASSWORD),), owner=OWNER)
    return Container(
        role="app",
        image=image,
        user=f"{OWNER}:{SITE_GROUP}",
        networks=(Attachment(basis.network, aliases=("app",)),),
        mounts=(*basis.mounts, *mounts, *([Mount(secrets, "/run/secrets")] if has_database else [])),
        env=env | _environment(basis),
        memory=basis.memory("app"),
        cpus=float(basis.partner.limits.cpus),
        processes=basis.partner.limits.processes,
        temporary=temporary,
        health=health,
        replacement="create-first",
        after=("database",) if has_database else ("prepare",),
    )


def _environment(basis: Basis) -> dict[str, str]:
    """What the site's code finds in its environment; php-fpm hands on what its configuration names."""
    has_database = basis.site.database is not None
    own = environment() | {"DATABASE_PASSWORD_FILE": PASSWORD_FILE} if has_database else {}
    return own | proxy.environment(basis) | relay.environment(basis)
