"""The shared parts of a host: its networks and its edge, which knows no partner."""

from typing import Literal

from clearinghouse.declare.host import Host
from clearinghouse.plan import upkeep
from clearinghouse.plan.addresses import (
    EDGE_NETWORK,
    PUBLIC_NETWORK,
    edge_address,
    edge_dynamic_range,
)
from clearinghouse.plan.database import servers
from clearinghouse.plan.names import data_volume
from clearinghouse.plan.plan import (
    Attachment,
    Container,
    Directory,
    File,
    Mount,
    Network,
    Plan,
    Port,
    Secret,
    Seed,
)
from clearinghouse.plan.prepare import prepare

UID = 2005
CA_CERTIFICATE = Secret("ca-certificate", kind="ca-certificate")
CA_KEY = Secret("ca-key", kind="ca-key")
HEALTH = ("/bin/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8082/health")
MIB = 1024 * 1024
PLATFORM_IMAGES = (
    "seed",
    "drain",
    "tools",
    "edge",
    "web",
    "php",
    *servers("mariadb"),
    *servers("postgresql"),
    "access",
    "proxy",
    "relay",
    "backup",
    "repository",
    "upkeep",
)


def plan_host(host: Host) -> Plan:
    """The plan of a host's own stack: networks, edge, and the platform's images."""
    data = Mount(data_volume("", "edge", {}), "/data", is_read_only=False)
    directories = (Directory("/data", UID, UID, "0700"), *upkeep.directories(host))
    return Plan(
        stack=f"host-{host.host}",
        owner="",
        tier="host",
        host=host.host,
        networks=_networks(host),
        containers=(
            prepare(directories, (data, *upkeep.mounts(host)), image="edge"),
            _edge(host, data),
            upkeep.upkeep(host),
        ),
        images=PLATFORM_IMAGES,
    )


def https_suffix(host: Host) -> str:
    """What follows a domain in an address of the host: nothing, or the port where it is not 443."""
    return "" if host.ports.https == 443 else f":{host.ports.https}"


def _networks(host: Host) -> tuple[Network, ...]:
    return (
        Network(
            EDGE_NETWORK,
            "overlay",
            host.edge_network,
            dynamic_range=edge_dynamic_range(host.edge_network),
        ),
        Network(PUBLIC_NETWORK, "bridge", "172.30.255.0/28", subnet_v6="fd00:c4::/64", is_internal=False),
    )


def _edge(host: Host, data: Mount) -> Container:
    return Container(
        role="edge",
        image="edge",
        user=f"{UID}:{UID}",
        networks=(
            Attachment(PUBLIC_NETWORK),
            Attachment(EDGE_NETWORK, address=edge_address(host.edge_network, host.edge_number)),
        ),
        mounts=(data, *_authority(host)),
        ports=_ports(host),
        env=_environment(host),
        dns=("127.0.0.1",),
        # A host that is gone is given up after some 13 s, not after minutes.
        sysctls={"net.ipv4.tcp_retries2": "5"},
        memory=512 * MIB,
        cpus=2,
        processes=256,
        health=HEALTH,
        after=("prepare",),
    )


def _authority(host: Host) -> tuple[Mount, ...]:
    if host.tls.issuer != "internal":
        return ()
    files = (File("ca.crt", CA_CERTIFICATE), File("ca.key", CA_KEY))
    return (Mount(Seed("edge-secrets", files, owner=UID), "/run/secrets"),)


def _ports(host: Host) -> tuple[Port, ...]:
    ports: tuple[tuple[int, int, Literal["tcp", "udp"]], ...] = (
        (host.ports.http, 80, "tcp"),
        (host.ports.https, 443, "tcp"),
        (host.ports.https, 443, "udp"),
    )
    return tuple(
        Port(address, published, internal, protocol)
        for published, internal, protocol in ports
        for address in host.addresses
    )


def _environment(host: Host) -> dict[str, str]:
    return {
        "CHM_TLS": host.tls.issuer,
        "CHM_ACME_EMAIL": host.tls.email or "",
        "CHM_ACME_DIRECTORY": host.tls.directory or "",
        "CHM_HTTPS_SUFFIX": https_suffix(host),
        "CHM_HTTPS_PORT": str(host.ports.https),
        "CHM_RESOLVERS": ",".join(host.tls.resolvers),
    }
