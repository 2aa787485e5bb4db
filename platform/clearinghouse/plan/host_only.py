"""Tier host-only: Belgium hosts, the partner develops and manages its site."""

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.errors import Trouble
from clearinghouse.plan.addresses import partner_subnet
from clearinghouse.plan.app import app
from clearinghouse.plan.database import UID as DATABASE_UID
from clearinghouse.plan.database import database
from clearinghouse.plan.names import data_volume
from clearinghouse.plan.plan import Container, Directory, Mount, Network, Plan
from clearinghouse.plan.prepare import prepare
from clearinghouse.plan.sharing import share_memory
from clearinghouse.plan.site_files import read_only, site_directories, site_mounts, writable
from clearinghouse.plan.web import web


def plan_host_only(partner: Partner, host: Host, generations: dict[str, int]) -> Plan:
    """The plan of a host-only partner.

    Args:
        generations: the generation of each data volume by role; 1 where none is named.

    Raises:
        Trouble: for a runtime or database that this release does not run.
    """
    network = Network(f"chm-{partner.partner}", "bridge", partner_subnet(host.network_pool, partner.partner))
    return Plan(
        stack=partner.partner,
        owner=partner.partner,
        tier=partner.tier,
        host=host.host,
        networks=(network,),
        containers=_containers(partner, host, network.name, generations),
        names=partner.domains,
    )


def _containers(
    partner: Partner, host: Host, network: str, generations: dict[str, int]
) -> tuple[Container, ...]:
    site = partner.site
    if site is None or site.runtime == "image" or site.database == "postgresql":
        raise Trouble(f"stack {partner.partner}: this release runs the runtimes static and php, with mariadb")
    shares = share_memory(
        partner.limits.memory, has_app=site.runtime == "php", has_database=site.database is not None
    )
    mounts = site_mounts(partner.partner, site, generations)
    data = data_volume(partner.partner, "database", generations)
    containers = [
        _prepare(mounts, site_directories(site), data=Mount(data, "/data") if site.database else None)
    ]
    if site.database:
        containers.append(database(partner, network=network, data=data, memory=shares.database))
    if site.runtime == "php":
        containers.append(app(partner, network=network, site=mounts, memory=shares.app))
    containers.append(web(partner, host, network=network, site=read_only(mounts), memory=shares.web))
    return tuple(containers)


def _prepare(site: tuple[Mount, ...], directories: tuple[Directory, ...], *, data: Mount | None) -> Container:
    mounts = writable(site)
    if data is not None:
        mounts = (*mounts, *writable((data,)))
        directories = (*directories, Directory("/data", DATABASE_UID, DATABASE_UID, "0700"))
    return prepare(directories, mounts, image="web")
