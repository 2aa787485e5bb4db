"""The configuration of a partner's proxy: what its site may reach of the world, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable

from clearinghouse.plan.template import render

PORT = 3128
REFUSED = (
    # RFC 6890 and the IANA registries of special addresses. What is set apart for documentation
    # leads nowhere and is left out: tests play the world there.
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
    # Never ::/3 or the like: Squid keeps IPv4 addresses as ::ffff:0:0/96, an AAAA record of that form too.
    *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "3fff::/20"),
    *("5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
)
"""Addresses that no public service has. A name that leads to one is refused, whatever else it leads to."""


def squid_conf(egress: Iterable[str], clients: str) -> str:
    """Write squid.conf.

    Args:
        egress: the declared destinations, as domain:port.
        clients: the subnet of the partner's own network.

    Returns:
        The text, for /config/squid.conf in the image `proxy`.
    """
    domains: defaultdict[int, list[str]] = defaultdict(list)
    for destination in egress:
        domain, port = destination.rsplit(":", 1)
        domains[int(port)].append(domain)
    return render(
        "proxy_config.squid.conf.j2",
        port=PORT,
        clients=clients,
        destinations={port: sorted(set(domains[port])) for port in sorted(domains)},
        refused=REFUSED,
    )
