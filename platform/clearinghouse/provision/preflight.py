"""What must be there before a stack can come up; each thing that is missing says what to do."""

from collections.abc import Iterator, Mapping
from typing import Any

import docker
import docker.errors
from docker.models.containers import Container as DockerContainer

from clearinghouse.declare.host import Host
from clearinghouse.declare.quantities import size
from clearinghouse.disk import Disk, place, too_large
from clearinghouse.engine import BASE_IMAGE, LABEL, containers_of, missing_base_images
from clearinghouse.errors import Trouble
from clearinghouse.plan.addresses import EDGE_NETWORK
from clearinghouse.plan.backup import REPOSITORIES
from clearinghouse.plan.names import web_alias
from clearinghouse.plan.plan import Plan, Port, Volume
from clearinghouse.provision import repositories
from clearinghouse.provision.labels import labels


def check_prepared(host: Host, client: docker.DockerClient) -> None:
    """Refuse a host that `chm host prepare` has not seen.

    Raises:
        Trouble: it is no swarm node, or has no base image.
    """
    if client.info().get("Swarm", {}).get("LocalNodeState") != "active":
        raise Trouble(f"host {host.host} is not prepared; run `chm host prepare {host.host}`")
    if missing := missing_base_images(client):
        raise Trouble(
            f"host {host.host} has no base image {', '.join(missing)}; run `chm host prepare {host.host}`"
        )


def check_ready(plan: Plan, host: Host, client: docker.DockerClient) -> None:
    """Refuse a stack whose host is not prepared, or has not its own stack yet.

    Raises:
        Trouble: names what to run first.
    """
    try:
        check_prepared(host, client)
        if plan.tier != "host":
            check_host_stack(host, client)
    except Trouble as trouble:
        raise Trouble(f"stack {plan.stack}: {trouble}", exit_code=trouble.exit_code) from None


def check_host_stack(host: Host, client: docker.DockerClient) -> None:
    """Refuse a partner's stack on a host whose own stack is not up.

    Raises:
        Trouble: the edge network is missing.
    """
    if not any(network.name == EDGE_NETWORK for network in client.networks.list(names=[EDGE_NETWORK])):
        raise Trouble(
            f"host {host.host} has no edge network {EDGE_NETWORK}; run `chm up host-{host.host}` first"
        )
    if not client.volumes.list(filters={"name": f"^{REPOSITORIES}$"}):
        raise Trouble(
            f"host {host.host} has no place for backups {REPOSITORIES}; run `chm up host-{host.host}` first"
        )


def check_names(plan: Plan, client: docker.DockerClient) -> None:
    """Refuse a domain that another stack on the host still serves, declared or not.

    Raises:
        Trouble: names the domain and the stack.
    """
    wanted = {web_alias(name): name for name in plan.names}
    for container in client.containers.list(filters={"label": f"{LABEL}.role=web"}, ignore_removed=True):
        owner = container.labels[f"{LABEL}.owner"]
        attached = container.attrs["NetworkSettings"]["Networks"].get(EDGE_NETWORK) or {}
        served = [wanted[alias] for alias in attached.get("Aliases") or [] if alias in wanted]
        if owner != plan.owner and served:
            raise Trouble(
                f"stack {plan.stack}: {served[0]} is still served by the stack {owner};"
                f" take that down first with `chm down {owner}`"
            )


def check_kept(plan: Plan, client: docker.DockerClient) -> tuple[str, ...]:
    """Refuse what bears the stack's names and is another's: of another partner, or another installation.

    Returns:
        The names of the data volumes that are there, kept or in use.

    Raises:
        Trouble: names the volume or container, whose it is, and what to do; nothing has been touched.
    """
    for container in containers_of(client, plan.owner):
        theirs = container.labels.get(f"{LABEL}.installation", "")
        if theirs != plan.installation:
            raise _strange(plan, f"the container {container.name}", container.labels)
    there = {volume.name: volume.attrs for volume in client.volumes.list()}
    kept = [volume for volume in plan.volumes if volume.name in there]
    for volume in kept:
        _check_volume(plan, volume, there[volume.name], folder_of(client, plan, volume))
    return tuple(volume.name for volume in kept)


def folder_of(client: docker.DockerClient, plan: Plan, volume: Volume) -> str | None:
    """The folder of the host that a data volume is; None where the engine chooses one."""
    if volume.within:
        return repositories.folder(client, plan, volume)
    on_disk = plan.disk is not None and volume.is_on_disk
    return f"{place(client, plan.owner)}/{volume.name}" if on_disk else None


def _check_volume(plan: Plan, volume: Volume, found: dict[str, Any], expected: str | None) -> None:
    theirs, ours = found["Labels"] or {}, labels(plan, volume.role)
    if any(theirs.get(label) != ours[label] for label in _IDENTITY):
        raise _strange(plan, f"the volume {volume.name}", theirs)
    device = (found["Options"] or {}).get("device")
    if device != expected:
        if volume.within:
            raise Trouble(
                f"host {plan.host}: the volume {volume.name} lies {_where(device)}, and should lie"
                f" {_where(expected)}; move what is in it there, then `docker volume rm {volume.name}`"
            )
        raise Trouble(
            f"host {plan.host}: the volume {volume.name} lies {_where(device)}, and should lie"
            f" {_where(expected)}; set `disk_limits:` in stacks/hosts/{plan.host}.yaml back,"
            f" or save its data and begin anew with `chm down {plan.stack} --delete-data`"
        )


_IDENTITY = tuple(f"{LABEL}.{name}" for name in ("owner", "role", "installation"))


def _where(device: str | None) -> str:
    return f"at {device}" if device else "where nothing limits it"


def _strange(plan: Plan, what: str, theirs: Mapping[str, str]) -> Trouble:
    owner = theirs.get(f"{LABEL}.owner") or "nobody that it names"
    other = theirs.get(f"{LABEL}.installation")
    if other and other != plan.installation:
        hint = f"; if that is this one, write `{other}` into stacks/installation"
        owner = f"{owner} of the installation {other}"
    else:
        hint = ""
    return Trouble(
        f"host {plan.host}: {what} is not {plan.stack}'s, it belongs to {owner}{hint};"
        " else remove it there, if nobody needs it, or choose another host"
    )


def check_disk(plan: Plan, client: docker.DockerClient) -> None:
    """Refuse a disk that would have to shrink, before anything changes.

    Raises:
        Trouble: names both sizes.
    """
    for container in containers_of(client, plan.owner):
        there = container.labels.get(f"{LABEL}.disk")
        if there and plan.disk is not None and size(there) > plan.disk:
            raise too_large(disk_of(plan), size(there))


def disk_of(plan: Plan) -> Disk:
    """The disk that a plan asks for."""
    directories = tuple(volume.name for volume in plan.volumes if volume.is_on_disk)
    return Disk(plan.owner, plan.host, plan.disk or 0, directories)


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
            f" ({_reason(error)}); free it, or change {_where_declared(plan)}"
        ) from None
    finally:
        trial.remove(force=True)


def _where_declared(plan: Plan) -> str:
    if plan.tier == "host":
        return f"`ports:` in stacks/hosts/{plan.host}.yaml"
    return f"`ssh_port:` in stacks/{plan.stack}.yaml"


def _reason(error: docker.errors.APIError) -> str:
    return str(error.explanation or error).rsplit(": ", 1)[-1].strip()
