"""Partners and hosts as values, for tests that need no YAML."""

from typing import Any

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.plan.plan import Container, Plan

SMARTHOST = {"host": "smtp.example.net", "port": 587}
_SITE: dict[str, Any] = {"runtime": "static"}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ"
WEBMASTERS: dict[str, Any] = {
    "webmasters": [{"name": "Awa Somebody", "key": f"{KEY} awa@home"}],
    "ssh_port": 2201,
}
"""The keys of a partner's file by which webmasters get in."""


def a_host(**changes: Any) -> Host:
    """A production host, with some keys changed."""
    declared: dict[str, Any] = {
        "host": "local",
        "capacity": {"memory": "16G", "cpus": 8, "disk": "200G"},
    }
    return Host.model_validate(declared | changes)


def a_partner(code: str = "cd", *, site: dict[str, Any] | None = None, **changes: Any) -> Partner:
    """A host-only partner, static unless told otherwise, with some keys changed."""
    declared: dict[str, Any] = {
        "partner": code,
        "name": {"fr": "Pays"},
        "languages": ["fr"],
        "tier": "host-only",
        "since": 1998,
        "domains": [f"{code}.example.org", f"www.{code}.example.org"],
        "host": "local",
        "contacts": [
            {
                "role": "technical",
                "name": "A",
                "email": "a@example.org",
                "consent": True,
                "review": "2027-01-01",
            }
        ],
        "site": site or _SITE,
    }
    return Partner.model_validate(declared | changes)


def a_standard_partner(code: str = "ma", **changes: Any) -> Partner:
    """A partner whose site the platform builds, in three languages."""
    declared: dict[str, Any] = {
        "tier": "standard-site",
        "languages": ["ar", "fr", "en"],
        "name": {"ar": "المغرب", "fr": "Maroc", "en": "Morocco"},
    }
    whole = a_partner(code, **declared | changes)
    return whole.model_copy(update={"site": None})


def an_image_partner(code: str = "cd", **site: Any) -> Partner:
    """A host-only partner with an image of its own, PostgreSQL, one writable folder and one job."""
    declared: dict[str, Any] = {
        "runtime": "image",
        "image": "registry.example.org/cd/site:2.1",
        "port": 8000,
        "database": "postgresql",
        "writable": ["var/data"],
        "cron": [{"schedule": "*/15 * * * *", "command": "bin/site refresh"}],
        "health": {"path": "/status"},
    }
    return a_partner(code, site=declared | site)


def a_php_partner(code: str = "cd", **changes: Any) -> Partner:
    """A host-only partner with PHP, MariaDB and one folder that PHP writes."""
    site = {"runtime": "php", "database": "mariadb", "writable": ["wp-content/uploads"]}
    return a_partner(code, site=site, **changes)


def a_partner_with_ways_out(code: str = "cd", **changes: Any) -> Partner:
    """A host-only partner with PHP that reaches two destinations and sends mail."""
    declared: dict[str, Any] = {
        "egress": ["api.example.net:443", "data.example.net:80"],
        "mail": {"senders": [f"site@{code}.example.org", f"news@{code}.example.org"], "per_hour": 30},
    }
    return a_php_partner(code, **declared | changes)


def parts(plan: Plan) -> tuple[Container, ...]:
    """What a partner's memory is shared out over: all that run for long, but for its backups."""
    return tuple(c for c in plan.containers if not c.runs_once and c.role not in ("repository", "backup"))
