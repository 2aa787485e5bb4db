"""What must be there before a stack can come up; each thing that is missing says what to do."""

from collections.abc import Iterator

import docker
import docker.errors
from docker.models.containers import Container as DockerContainer

from clearinghouse.declare.host import Host
from clearinghouse.engine import LABEL, containers_of
from clearinghouse.errors import Trouble
from clearinghouse.plan.addresses import EDGE_NETWORK
from clearinghouse.plan.names import web_alias
from clearinghouse.plan.plan import Plan, Port

BASE_IMAGE = "debian:bookworm-slim"


def check_prepared(host: Host, client: docker.DockerClient) -> None:
    """Refuse a host that `chm host prepare` has not seen.

    Raises:
        Trouble: it is no swarm node, or has no base image.
    """
    if client.info().get("Swarm", {}).get("LocalNodeState") != "active":
        raise Trouble(f"host {host.host} is not prepared; run `chm host prepare {host.host}`")
    try:
        client.images.get(BASE_IMAGE)
    except docker.errors.ImageNotFound:
        raise Trouble(
            f"host {host.host} has no base image {BASE_IMAGE}; run `chm host prepare {host.host}`"
        ) from None


def check_host_stack(host: Host, client: docker.DockerClient) -> None:
    """Refuse a partner's stack on a host whose own stack is not up.

    Raises:
        Trouble: the edge network is missing.
    """
    if not any(network.name == EDGE_NETWORK for network in client.networks.list(names=[EDGE_NETWORK])):
        raise Trouble(
            f"host {host.host} has no edge network {EDGE_NETWORK}; run `chm up host-{host.host}` first"
        )


def check_names(plan: Plan, client: docker.DockerClient) -> None:
    """Refuse a domain that another stack on the host still serves, declared or not.

    Raises:
        Trouble: names the domain and the stack.
    """
    wanted = {web_alias(name): name for name in plan.names}
    for container in client.containers.list(filters={"label": f"{LABEL}.role=web"}):
        owner = container.labels[f"{LABEL}.owner"]
        attached = container.attrs["NetworkSettings"]["Networks"].get(EDGE_NETWORK) or {}
        served = [wanted[alias] for alias in attached.get("Aliases") or [] if alias in wanted]
        if owner != plan.owner and served:
            raise Trouble(
                f"stack {plan.stack}: {served[0]} is still served by the stack {owner};"
                f" take that down first with `chm down {owner}`"
            )


def check_partner_images(plan: Plan, client: docker.DockerClient) -> None:
    """Refuse an image that is neither on the host nor in its registry; the engine itself asks there.

    Raises:
        Trouble: names the image, and says why it cannot be had.
    """
    for image in plan.partner_images:
        try:
            client.images.get(image.reference)
        except docker.errors.ImageNotFound:
            _ask_registry(plan, image.reference, client)


def _ask_registry(plan: Plan, reference: str, client: docker.DockerClient) -> None:
    try:
        client.images.get_registry_data(reference)
    except docker.errors.APIError as error:
        raise Trouble(
            f"stack {plan.stack}: the image {reference} is neither on host {plan.host} nor to be had from its"
            f" registry ({_reason(error)}); push it there, load it on the host with `docker load`,"
            f" or correct `site.image` in stacks/{plan.stack}.yaml"
        ) from None


def check_ports(plan: Plan, client: docker.DockerClient) -> None:
    """Refuse ports that something else on the host holds; the engine itself is asked.

    Raises:
        Trouble: names the first port that is taken.
    """
    held = {port for container in containers_of(client, plan.owner) for port in _published(container)}
    for container in plan.containers:
        for port in container.ports:
            if port not in held:
                _try_port(plan, port, client)


def _published(container: DockerContainer) -> Iterator[Port]:
    """The ports that a running container holds already."""
    for internal, bindings in (container.attrs["NetworkSettings"]["Ports"] or {}).items():
        number, protocol = internal.split("/")
        for binding in bindings or []:
            yield Port(binding["HostIp"], int(binding["HostPort"]), int(number), protocol)


def _try_port(plan: Plan, port: Port, client: docker.DockerClient) -> None:
    trial = client.containers.create(
        BASE_IMAGE,
        ["true"],
        ports={f"{port.internal}/{port.protocol}": (port.address, port.published)},
        labels={f"{LABEL}.trial": "port"},
    )
    try:
        trial.start()
    except docker.errors.APIError as error:
        raise Trouble(
            f"host {plan.host}: port {port.published}/{port.protocol} on {port.address} is taken"
            f" ({_reason(error)}); free it, or change `ports:` in stacks/hosts/{plan.host}.yaml"
        ) from None
    finally:
        trial.remove(force=True)


def _reason(error: docker.errors.APIError) -> str:
    return str(error.explanation or error).rsplit(": ", 1)[-1].strip()
