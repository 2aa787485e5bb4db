"""The Docker engine of a host: one connection, and what cannot be reached says so."""

import os
from typing import Any

import docker
import docker.errors
import requests
from docker.models.containers import Container

from clearinghouse.declare.host import Host
from clearinghouse.errors import COULD_NOT_FIND_OUT, Trouble

BASE_IMAGE = "debian:bookworm-slim"
"""What most images start from; it has what helps on a host, too."""
BASE_IMAGES = (BASE_IMAGE, "debian:trixie-slim")
"""What all images of the platform start from (toolchain/base-image)."""
LABEL = "be.clearinghouse"
"""Start of every label that the platform puts on what it makes."""
_DEFAULT_SOCKET = "unix:///var/run/docker.sock"
_UNREACHABLE = (docker.errors.DockerException, requests.RequestException, OSError)


def address(host: Host) -> str:
    """Where the host's engine is: what its file says, else DOCKER_HOST, else the usual socket."""
    return host.docker or os.environ.get("DOCKER_HOST") or _DEFAULT_SOCKET


def connect(host: Host) -> docker.DockerClient:
    """A connection to the host's engine, tried out.

    Raises:
        Trouble: nothing answers there (exit code 3).
    """
    where = address(host)
    try:
        client = docker.DockerClient(base_url=where, use_ssh_client=where.startswith("ssh://"))
        client.ping()
    except _UNREACHABLE:
        raise Trouble(
            f"host {host.host}: no Docker engine answers at {where}; start it there"
            " (`toolchain/engine` does on this machine), or correct `docker:` in"
            f" stacks/hosts/{host.host}.yaml",
            exit_code=COULD_NOT_FIND_OUT,
        ) from None
    return client


def missing_base_images(client: docker.DockerClient) -> list[str]:
    """The base images that a host lacks."""
    there = {tag for image in client.images.list() for tag in image.tags}
    return [image for image in BASE_IMAGES if image not in there]


def containers_of(client: docker.DockerClient, owner: str) -> list[Container]:
    """All containers that a stack made on the engine, running or not; `owner` is empty for the host's own."""
    found: list[Container] = client.containers.list(
        all=True, filters={"label": f"{LABEL}.owner={owner or 'host'}"}, ignore_removed=True
    )
    return found


def health(container: Container) -> str:
    """How a container is: healthy, unhealthy or starting; its status where it does not run or has no check.

    An engine before 25 calls it starting until one whole interval is over, so its own check is asked then.
    """
    state = container.attrs["State"]
    if state["Status"] != "running":
        return str(state["Status"])
    found = str(state.get("Health", {}).get("Status", "running"))
    return "healthy" if found == "starting" and _passes_its_check(container) else found


def _passes_its_check(container: Container) -> bool:
    kind, *command = container.attrs["Config"]["Healthcheck"]["Test"]
    try:
        return kind == "CMD" and container.exec_run(command).exit_code == 0
    except _UNREACHABLE:
        return False


def start_failed(client: docker.DockerClient) -> list[str]:
    """Start what an engine that started could not: a disk or the edges' network was not there in time.

    It does not try again by itself. What was stopped by hand is left as it is.

    Returns:
        The names of those that run now.
    """
    ended = client.containers.list(
        filters={"label": f"{LABEL}.owner", "status": "exited"}, ignore_removed=True
    )
    failed = [c for c in ended if c.attrs["State"]["Error"] and _is_to_run(c)]
    return [
        str(container.name)
        for container in sorted(failed, key=lambda each: str(each.attrs["State"]["StartedAt"]))
        if _starts(container)
    ]


def _is_to_run(container: Container) -> bool:
    return bool(container.attrs["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped")


def _starts(container: Container) -> bool:
    try:
        container.start()
    except docker.errors.APIError:
        return False
    return True


def limit_processes(client: docker.DockerClient, container: str, most: int) -> None:
    """Set the limit of processes of a container (Engine API, ContainerUpdate).

    The Docker provider has no input for it, and the Python client's update has none either.
    """
    api: Any = client.api
    url = f"{api.base_url}/v{api.api_version}/containers/{container}/update"
    api.post(url, json={"PidsLimit": most}).raise_for_status()
