"""The partner's own web server: static files, and PHP passed on to the app."""

from clearinghouse.plan.addresses import EDGE_NETWORK
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.names import web_alias
from clearinghouse.plan.plan import SITE_GROUP, Attachment, Container, File, Mount, Seed
from clearinghouse.plan.site_files import OWNER, read_only
from clearinghouse.plan.web_config import caddyfile

HEALTH = ("/bin/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8081/health")


def web(basis: Basis) -> Container:
    """The web container of a partner."""
    partner = basis.partner
    config = Seed("web-config", (File("Caddyfile", caddyfile(partner, basis.host)),), owner=OWNER)
    return Container(
        role="web",
        image="web",
        user=f"{OWNER}:{SITE_GROUP}",
        networks=(
            Attachment(EDGE_NETWORK, aliases=tuple(web_alias(domain) for domain in partner.domains)),
            Attachment(basis.network, aliases=("web",)),
        ),
        mounts=(*read_only(basis.mounts), Mount(config, "/config")),
        memory=basis.memory("web"),
        cpus=float(partner.limits.cpus),
        processes=64,
        health=HEALTH,
        replacement="create-first",
        after=("app",) if "app" in basis.roles else ("prepare",),
    )
