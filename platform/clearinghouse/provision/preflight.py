"""What must be there before a stack can come up; each thing that is missing says what to do."""

import docker
import docker.errors

from clearinghouse.declare.host import Host
from clearinghouse.engine import containers_of
from clearinghouse.errors import Trouble
from clearinghouse.plan.addresses import EDGE_NETWORK
from clearinghouse.plan.plan import Container, Plan

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
            f"host {host.host} has no edge network {EDGE_NETWORK}; run `pulumi up -s host-{host.host}` first"
        )


def check_ports(plan: Plan, client: docker.DockerClient) -> None:
    """Refuse ports that something else on the host holds; the engine itself is asked.

    Raises:
        Trouble: names the first port that is taken.
    """
    publishers = [container for container in plan.containers if container.ports]
    own = {container.labels.get("be.clearinghouse.role") for container in containers_of(client, plan.owner)}
    for container in publishers:
        if container.role not in own:
            _try_ports(plan, container, client)


def _try_ports(plan: Plan, container: Container, client: docker.DockerClient) -> None:
    for port in container.ports:
        trial = client.containers.create(
            BASE_IMAGE,
            ["true"],
            ports={f"{port.internal}/{port.protocol}": (port.address, port.published)},
            labels={"be.clearinghouse.trial": "port"},
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
