"""A host and its edge, as declared in stacks/hosts/<name>.yaml."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from clearinghouse.declare.certificate import Certificate
from clearinghouse.declare.names import Domain, Email, Flag, HostName
from clearinghouse.declare.places import Address, DockerAddress, HttpsAddress, RepositoryAddress, network
from clearinghouse.declare.quantities import Port, Size, share, whole
from clearinghouse.declare.value import Value


class Ports(Value):
    """The ports where the public comes in."""

    http: Port = Field(default=80, description="Plain HTTP (TCP); it redirects to HTTPS.")
    https: Port = Field(default=443, description="HTTPS (TCP), and HTTP/3 (UDP).")


class Tls(Value):
    """Where certificates come from."""

    issuer: Literal["internal", "acme"] = Field(
        default="internal",
        description="The installation's own root, see `chm ca` (internal), or a public authority (acme).",
    )
    email: Email | None = Field(default=None, description="Whom the authority tells of trouble; for acme.")
    directory: HttpsAddress | None = Field(
        default=None, description="The authority's ACME directory; left out, Let's Encrypt."
    )
    resolvers: tuple[Address, ...] = Field(
        default=(),
        max_length=3,
        description="The DNS servers by which the edge finds the authority; for acme.",
    )


class Capacity(Value):
    """What the host gives to partners, all together; the rest is for the engine and the edge."""

    memory: Size = Field(description="Memory.")
    cpus: Annotated[Decimal, share(1024)] = Field(description="Processors.")
    disk: Size = Field(description="Disk.")


class Relay(Value):
    """The mail server that takes what the sites send."""

    host: Domain = Field(description="Its name.")
    port: Port = Field(default=587, description="Its port.")


class SecondPlace(Value):
    """Where the host's backups are copied to, away from it."""

    repository: RepositoryAddress = Field(
        description="Where, as restic writes it: rest:https://NAME/PATH or s3:https://NAME/BUCKET; it should"
        " be append-only, or lock its objects. What opens it is the secret second-place-access."
    )
    authority: Certificate | None = Field(
        default=None,
        description="The authority that its certificate is from (PEM); left out, one that is publicly known.",
    )


class Host(Value):
    """A Docker host that serves partners."""

    host: HostName = Field(description="The host's name; also this file's. Its stack is host-<name>.")
    docker: DockerAddress | None = Field(
        default=None, description="Its Docker engine; left out, DOCKER_HOST or this machine's own."
    )
    addresses: tuple[Address, ...] = Field(
        default=("0.0.0.0", "::"), min_length=1, description="The addresses on which it listens."
    )
    ports: Ports = Field(default=Ports(), description="The ports where the public comes in.")
    swarm_address: Address = Field(
        default="127.0.0.1", description="The address by which other hosts join it; loopback: none do."
    )
    tls: Tls = Field(default=Tls(), description="Where certificates come from.")
    edge_number: Annotated[int, whole(1, 200)] = Field(
        default=1, description="The number of its edge, no other's among hosts that are joined."
    )
    network_pool: Annotated[str, network(16, "10.200.0.0/16")] = Field(
        default="10.200.0.0/16", description="Where the partners' own networks are taken from."
    )
    edge_network: Annotated[str, network(20, "10.201.0.0/20")] = Field(
        default="10.201.0.0/20",
        description="The network of edges and web servers; the same on hosts that are joined.",
    )
    capacity: Capacity = Field(description="What the host gives to partners, all together.")
    disk_limits: Flag = Field(
        default=True,
        description="Whether the kernel limits each partner's disk; it needs loop devices.",
    )
    mail: Relay | None = Field(default=None, description="The mail server that takes what the sites send.")
    second_place: SecondPlace | None = Field(
        default=None, description="Where backups are copied to; left out, a volume of this very host."
    )
