"""The partner's way out: a proxy that reaches what is declared, beside an app that reaches nothing."""

from clearinghouse.plan.addresses import partner_subnet
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.plan import Attachment, Container, File, Mount, Seed
from clearinghouse.plan.proxy_config import PORT, squid_conf

UID = 2010
HEALTH = ("/bin/busybox", "grep", "-q", f":{PORT:04X} 00000000:0000 0A", "/proc/net/tcp")
"""It listens. Nothing is sent: every connection would be a line in its log."""


def environment(basis: Basis) -> dict[str, str]:
    """Where the proxy is, as programs look for it; nothing when the site may reach nothing."""
    if "proxy" not in basis.roles:
        return {}
    address, beside = f"http://proxy:{PORT}", "localhost,127.0.0.1,app,web,database,relay"
    return {
        # Not HTTP_PROXY: a visitor's header `Proxy` looks like it to a CGI program (CVE-2016-5385).
        "http_proxy": address,
        "https_proxy": address,
        "HTTPS_PROXY": address,
        "no_proxy": beside,
        "NO_PROXY": beside,
    }


def proxy(basis: Basis) -> Container:
    """The proxy container of a partner that declares egress."""
    partner = basis.partner
    text = squid_conf(partner.egress, partner_subnet(basis.host.network_pool, partner.partner))
    return Container(
        role="proxy",
        image="proxy",
        user=f"{UID}:{UID}",
        networks=(Attachment(basis.network, aliases=("proxy",)), Attachment(basis.outside_network)),
        mounts=(Mount(Seed("proxy-config", (File("squid.conf", text),), owner=UID), "/config"),),
        memory=basis.memory("proxy"),
        cpus=float(partner.limits.cpus),
        processes=32,
        health=HEALTH,
        replacement="create-first",
        after=("prepare",),
    )
