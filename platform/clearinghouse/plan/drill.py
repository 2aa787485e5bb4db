"""A drill: a partner's site as its plan has it, under other names, by itself, while it is tried."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from clearinghouse.declare.backup import Exclusion
from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner, Tier
from clearinghouse.plan.addresses import drill_subnet
from clearinghouse.plan.generations import Generations
from clearinghouse.plan.names import data_volume, partner_network
from clearinghouse.plan.plan import Container, Mount, Plan, Volume
from clearinghouse.plan.planner import plan_partner

EVERY: Mapping[Tier, timedelta] = {
    "host-only": timedelta(days=7),
    "standard-site": timedelta(days=7),
    "mirror": timedelta(days=14),
}
"""How often a partner's backups are tried, by tier; a mirror's data is another server's first of all."""
_DRILL = "drill-"


def drill_of(code: str) -> str:
    """The stack of a partner's drill; no partner's own, whose name is its code."""
    return f"{_DRILL}{code}"


def drilled(stack: str) -> str | None:
    """The partner whose drill a stack is; None for any other stack."""
    return stack.removeprefix(_DRILL) if stack.startswith(_DRILL) else None


def plan_drill(partner: Partner, host: Host, *, build: str = "", database: str = "") -> Plan:
    """The plan of a partner's drill.

    Its site, its database and its web are the partner's own, with their limits. Nobody comes in, nothing gets
    out, and nothing is done at times: no edge, no webmasters, no mail, no cron, and no backups of it.

    Args:
        host: where it is done, which is where the partner is.
        build: for the tier standard-site, the hash of what the site is built from.
        database: the server that its data is tried with; the first one where none is named.
    """
    subnet = drill_subnet(host.network_pool, partner.partner)
    # Web believes what the edges say of a visitor; here whoever is on the drill's own network says it.
    apart = host.model_copy(update={"edge_network": subnet, "disk_limits": False})
    return _renamed(
        plan_partner(_alone(partner), apart, Generations(database=database), build=build),
        partner.partner,
        subnet,
    )


def _alone(partner: Partner) -> Partner:
    """The partner with its site, and none of what leads out of it."""
    left_out = {"webmasters": (), "ssh_port": None, "egress": (), "mail": None}
    if partner.site is None:
        return partner.model_copy(update=left_out)
    data = ("site", "database", *(f"site/{path}" for path in partner.site.writable))
    excluded = tuple(Exclusion(data=each, reason="It is a backup.") for each in data)
    return partner.model_copy(
        update={
            **left_out,
            "site": partner.site.model_copy(update={"cron": ()}),
            "backup": partner.backup.model_copy(update={"exclude": excluded}),
        }
    )


def _renamed(plan: Plan, code: str, subnet: str) -> Plan:
    owner = drill_of(code)
    network = replace(plan.networks[0], name=f"chm-{owner}", subnet=subnet)
    return replace(
        plan,
        stack=owner,
        owner=owner,
        networks=(network,),
        containers=tuple(_moved(each, code, network.name) for each in plan.containers),
        names=(),
    )


def _moved(container: Container, code: str, network: str) -> Container:
    own = partner_network(code)
    return replace(
        container,
        networks=tuple(replace(each, network=network) for each in container.networks if each.network == own),
        mounts=tuple(_renamed_mount(mount, code) for mount in container.mounts),
    )


def _renamed_mount(mount: Mount, code: str) -> Mount:
    if not isinstance(mount.source, Volume):
        return mount
    return replace(mount, source=data_volume(drill_of(code), mount.source.role, {}))


@dataclass(frozen=True, slots=True)
class Page:
    """A page that has to be there, and what has to be in it.

    Attributes:
        path: where.
        text: what; None where nothing is declared.
    """

    path: str
    text: str | None


def pages(partner: Partner) -> tuple[Page, ...]:
    """What is asked of a partner's site: the page that is declared, or the home page of each language."""
    if partner.site is not None:
        return (Page(partner.site.health.path, partner.site.health.text),)
    return tuple(Page(f"/{language}/", partner.name.get(language)) for language in partner.languages)
