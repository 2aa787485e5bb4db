"""The configuration of a partner's own web server: a Caddyfile."""

from __future__ import annotations

from typing import Any

from clearinghouse import error_pages
from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner, Site
from clearinghouse.plan import php_config
from clearinghouse.plan.addresses import edge_addresses
from clearinghouse.plan.template import render

MIB = 1024 * 1024
_LARGEST = 64 * MIB
"""The largest request that a partner's own image gets; PHP says its own limit."""
_PATIENCE = 310
"""Seconds that web waits for the answer of a partner's own image, as it waits for PHP by default."""


def caddyfile(partner: Partner, host: Host) -> str:
    """Render the Caddyfile of a partner's web container.

    Args:
        partner: whose names it answers and whose site it serves.
        host: says which port the public uses and where the edges' addresses are.

    Returns:
        The text, for /config/Caddyfile in the image `web`.
    """
    return render("web_config.Caddyfile.j2", **_values(partner, host))


def _values(partner: Partner, host: Host) -> dict[str, Any]:
    port = host.ports.https
    return {
        "code": partner.partner,
        "domains": partner.domains,
        "redirected": partner.redirected,
        "canonical": partner.canonical,
        "address": partner.canonical if port == 443 else f"{partner.canonical}:{port}",
        "port": port,
        "edges": edge_addresses(host.edge_network),
        "languages": "|".join(error_pages.LANGUAGES),
        "language": error_pages.language_for(partner.languages),
        "written": partner.site.writable if partner.site else (),
        "php": _php(partner.site),
        "image": _image(partner.site),
    }


def _php(site: Site | None) -> dict[str, int] | None:
    if site is None or site.runtime != "php":
        return None
    return {"body": php_config.largest_request(site), "patience": php_config.longest_run(site) + 10}


def _image(site: Site | None) -> dict[str, int] | None:
    if site is None or site.runtime != "image" or site.port is None:
        return None
    return {"port": site.port, "body": _LARGEST, "patience": _PATIENCE}
