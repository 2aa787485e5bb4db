"""The configuration of a partner's own web server: a Caddyfile."""

from __future__ import annotations

from typing import Any

from clearinghouse import error_pages
from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner, Site
from clearinghouse.errors import Trouble
from clearinghouse.plan import php_config
from clearinghouse.plan.addresses import edge_addresses
from clearinghouse.plan.template import render


def caddyfile(partner: Partner, host: Host) -> str:
    """Render the Caddyfile of a partner's web container.

    Args:
        partner: whose names it answers and whose site it serves.
        host: says which port the public uses and where the edges' addresses are.

    Returns:
        The text, for /config/Caddyfile in the image `web`.

    Raises:
        Trouble: the site runs in an image of its own, which this server does not serve.
    """
    if partner.site is not None and partner.site.runtime == "image":
        raise Trouble(f"{partner.partner}: the runtime image is not served yet; declare static or php")
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
    }


def _php(site: Site | None) -> dict[str, int] | None:
    if site is None or site.runtime != "php":
        return None
    return {"body": php_config.largest_request(site), "patience": php_config.longest_run(site) + 10}
