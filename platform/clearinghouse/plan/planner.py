"""The tier decides which parts are in a plan."""

from collections.abc import Mapping

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.errors import Trouble
from clearinghouse.plan.host_only import plan_host_only
from clearinghouse.plan.plan import Plan

_TIERS = {"host-only": plan_host_only}


def plan_partner(partner: Partner, host: Host, generations: Mapping[str, int] | None = None) -> Plan:
    """The plan of a partner's stack.

    Args:
        host: the host that the partner names.
        generations: the generation of each data volume by role; 1 where none is named.

    Raises:
        Trouble: for a tier that this release does not have.
    """
    if partner.tier not in _TIERS:
        raise Trouble(
            f"stack {partner.partner}: the tier {partner.tier} is not in this release; use host-only"
        )
    return _TIERS[partner.tier](partner, host, generations or {})
