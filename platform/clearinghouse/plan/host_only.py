"""Tier host-only: Belgium hosts, the partner develops and manages its site."""

from collections.abc import Callable, Mapping

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.errors import Trouble
from clearinghouse.plan.access import access, access_networks
from clearinghouse.plan.addresses import backup_subnet, outside_subnet, partner_subnet
from clearinghouse.plan.app import app
from clearinghouse.plan.backup import backups
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.cron import cron
from clearinghouse.plan.database import database
from clearinghouse.plan.generations import Generations
from clearinghouse.plan.plan import Container, Network, Plan
from clearinghouse.plan.prepare import prepare_partner
from clearinghouse.plan.proxy import proxy
from clearinghouse.plan.relay import relay
from clearinghouse.plan.web import web

_MAKERS: Mapping[str, Callable[[Basis], Container]] = {
    "database": database,
    "proxy": proxy,
    "relay": relay,
    "app": app,
    "cron": cron,
    "web": web,
    "access": access,
}


def plan_host_only(partner: Partner, host: Host, generations: Generations) -> Plan:
    """The plan of a host-only partner.

    Args:
        generations: those of its data volumes.

    Raises:
        Trouble: the partner declares no site.
    """
    if partner.site is None:
        raise Trouble(f"stack {partner.partner}: declare its `site:` in stacks/{partner.partner}.yaml")
    basis = Basis(partner, partner.site, host, generations)
    parts = tuple(_MAKERS[role](basis) for role in basis.roles)
    saving = backups(basis, parts)
    repository = next((each for part in saving for each in part.volumes if each.within), None)
    return Plan(
        stack=partner.partner,
        owner=partner.partner,
        tier=partner.tier,
        host=host.host,
        networks=(*_networks(basis), *(_backup_network(basis) if saving else ())),
        containers=(prepare_partner(basis, repository), *parts, *saving),
        names=partner.domains,
        disk=partner.limits.disk if host.disk_limits else None,
    )


def _networks(basis: Basis) -> tuple[Network, ...]:
    pool, code = basis.host.network_pool, basis.partner.partner
    own = Network(basis.network, "bridge", partner_subnet(pool, code))
    outside = Network(basis.outside_network, "bridge", outside_subnet(pool, code), is_internal=False)
    has_ways_out = bool({"proxy", "relay"} & set(basis.roles))
    return (own, *access_networks(basis), *([outside] if has_ways_out else []))


def _backup_network(basis: Basis) -> tuple[Network, ...]:
    subnet = backup_subnet(basis.host.network_pool, basis.partner.partner)
    return (Network(basis.backup_network, "bridge", subnet),)
