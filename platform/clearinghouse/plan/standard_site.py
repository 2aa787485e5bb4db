"""Tier standard-site: the platform builds the site and serves it; the partner provides what is in it."""

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.plan.addresses import partner_subnet
from clearinghouse.plan.names import partner_network
from clearinghouse.plan.plan import Network, Plan, SiteImage
from clearinghouse.plan.web import web_container


def plan_standard_site(partner: Partner, host: Host, build: str) -> Plan:
    """The plan of a partner whose site the platform builds: one web, which holds the site and no data.

    Args:
        build: hash of all that the site is built from, or of the build to go back to.
    """
    code = partner.partner
    network = Network(partner_network(code), "bridge", partner_subnet(host.network_pool, code))
    web = web_container(
        partner,
        host,
        image=SiteImage(code, build),
        network=network.name,
        memory=partner.limits.memory,
    )
    return Plan(
        stack=code,
        owner=code,
        tier=partner.tier,
        host=host.host,
        networks=(network,),
        containers=(web,),
        names=partner.domains,
    )
