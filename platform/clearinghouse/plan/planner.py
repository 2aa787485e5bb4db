"""The tier decides which parts are in a plan."""

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.errors import Trouble
from clearinghouse.plan.generations import FIRST, Generations
from clearinghouse.plan.host_only import plan_host_only
from clearinghouse.plan.plan import Plan
from clearinghouse.plan.standard_site import plan_standard_site


def plan_partner(partner: Partner, host: Host, generations: Generations = FIRST, *, build: str = "") -> Plan:
    """The plan of a partner's stack.

    Args:
        host: the host that the partner names.
        generations: those of its data volumes; the first ones where none are named.
        build: for the tier standard-site, the hash of what the site is built from (`provision.site_image`
            finds it out); left out, the plan is good for looking only.

    Raises:
        Trouble: for a tier that this release does not have.
    """
    if partner.tier == "host-only":
        return plan_host_only(partner, host, generations)
    if partner.tier == "standard-site":
        return plan_standard_site(partner, host, build)
    raise Trouble(
        f"stack {partner.partner}: the tier {partner.tier} is not in this release;"
        " use host-only or standard-site"
    )
