"""The partner's own web server: static files, and PHP passed on to the app."""

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.plan.addresses import EDGE_NETWORK
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.names import web_alias
from clearinghouse.plan.plan import SITE_GROUP, Attachment, Container, File, Image, Mount, Seed
from clearinghouse.plan.site_files import OWNER, read_only
from clearinghouse.plan.web_config import caddyfile

HEALTH = ("/bin/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8081/health")


def web(basis: Basis) -> Container:
    """The web container of a partner with its own site."""
    return web_container(
        basis.partner,
        basis.host,
        image="web",
        network=basis.network,
        mounts=read_only(basis.mounts),
        memory=basis.memory("web"),
        after=("app",) if "app" in basis.roles else ("prepare",),
    )


def web_container(
    partner: Partner,
    host: Host,
    *,
    image: Image,
    network: str,
    memory: int,
    mounts: tuple[Mount, ...] = (),
    after: tuple[str, ...] = (),
) -> Container:
    """A web container, on the edges' network under the partner's names.

    Args:
        image: the platform's image `web`, or a site built on it.
        network: name of the partner's own network.
        memory: bytes.
        mounts: the site's files, where they are not in the image.
        after: roles that must be healthy before it starts.
    """
    config = Seed("web-config", (File("Caddyfile", caddyfile(partner, host)),), owner=OWNER)
    return Container(
        role="web",
        image=image,
        user=f"{OWNER}:{SITE_GROUP}",
        networks=(
            Attachment(EDGE_NETWORK, aliases=tuple(web_alias(domain) for domain in partner.domains)),
            Attachment(network, aliases=("web",)),
        ),
        mounts=(*mounts, Mount(config, "/config")),
        memory=memory,
        cpus=float(partner.limits.cpus),
        processes=64,
        health=HEALTH,
        replacement="create-first",
        after=after,
    )
