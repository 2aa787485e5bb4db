"""The partner's own web server: static files, and PHP passed on to the app."""

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.plan.addresses import EDGE_NETWORK
from clearinghouse.plan.names import web_alias
from clearinghouse.plan.plan import SITE_GROUP, Attachment, Container, File, Mount, Seed
from clearinghouse.plan.web_config import caddyfile

UID = 2003
HEALTH = ("/bin/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8081/health")


def web(partner: Partner, host: Host, *, network: str, site: tuple[Mount, ...], memory: int) -> Container:
    """The web container of a partner.

    Args:
        network: name of the partner's own network.
        site: the site's mounts, read-only for web.
        memory: its share in bytes.
    """
    config = Seed("web-config", (File("Caddyfile", caddyfile(partner, host)),), owner=UID)
    return Container(
        role="web",
        image="web",
        user=f"{UID}:{SITE_GROUP}",
        networks=(
            Attachment(EDGE_NETWORK, aliases=tuple(web_alias(domain) for domain in partner.domains)),
            Attachment(network, aliases=("web",)),
        ),
        mounts=(*site, Mount(config, "/config")),
        memory=memory,
        cpus=float(partner.limits.cpus),
        processes=64,
        health=HEALTH,
        replacement="create-first",
        after=("app",) if partner.site and partner.site.runtime == "php" else ("prepare",),
    )
