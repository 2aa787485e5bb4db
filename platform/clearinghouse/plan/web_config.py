"""The configuration of a partner's own web server: a Caddyfile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clearinghouse import error_pages
from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner, Site
from clearinghouse.plan import php_config
from clearinghouse.plan.addresses import edge_addresses
from clearinghouse.plan.template import render
from clearinghouse.plan.web_languages import language_choice

MIB = 1024 * 1024
_LARGEST = 64 * MIB
"""The largest request that a partner's own image gets; PHP says its own limit."""
_PATIENCE = 310
"""Seconds that web waits for the answer of a partner's own image, as it waits for PHP by default."""

POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    # The search, which runs in the reader's browser, is WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
_KINDS: Mapping[str, str] = {
    "*.atom */atom.xml": "application/atom+xml; charset=utf-8",
    "*.xml": "application/xml; charset=utf-8",
    "*.ics": "text/calendar; charset=utf-8",
    "*.json": "application/json",
    "*.jsonld": "application/ld+json",
    "*.rdf": "application/rdf+xml",
    "*.ttl": "text/turtle; charset=utf-8",
    "*.webmanifest": "application/manifest+json",
    "*.wasm": "application/wasm",
    "*.pagefind *.pf_meta *.pf_index *.pf_fragment *.pf_filter": "application/octet-stream",
}
"""Media types of files that a site is read by machines in, by their paths; an earlier one prevails."""


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
    port, built = host.ports.https, _built(partner)
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
        "built": built,
        "page_404": "/404.html" if built is None else "/{language}/404.html",
    }


def _built(partner: Partner) -> dict[str, Any] | None:
    if partner.tier != "standard-site":
        return None
    return {
        "policy": "; ".join(POLICY),
        "kinds": tuple(_KINDS.items()),
        "choice": language_choice(partner.languages),
    }


def _php(site: Site | None) -> dict[str, int] | None:
    if site is None or site.runtime != "php":
        return None
    return {"body": php_config.largest_request(site), "patience": php_config.longest_run(site) + 10}


def _image(site: Site | None) -> dict[str, int] | None:
    if site is None or site.runtime != "image" or site.port is None:
        return None
    return {"port": site.port, "body": _LARGEST, "patience": _PATIENCE}
