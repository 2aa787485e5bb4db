"""Preparing a Docker engine as a host: a swarm node with the base images."""

import os
import subprocess
from collections.abc import Iterator

import docker

from clearinghouse.declare.host import Host
from clearinghouse.disk import mount_all
from clearinghouse.engine import BASE_IMAGES, address, connect, missing_base_images, start_failed
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.installation import root

_OLDEST = (20, 10)


def prepare_host(host: Host) -> Iterator[str]:
    """Prepare a host; what is done already stays.

    Yields:
        A line for each thing, done now or found done.

    Raises:
        Trouble: the engine is away or too old, or the base images can't be had.
    """
    client = connect(host)
    version = client.version()["Version"]
    if tuple(int(part) for part in version.split("+")[0].split(".")[:2]) < _OLDEST:
        raise Trouble(f"host {host.host}: Docker {version} is too old; install 20.10 or newer")
    yield f"Docker {version} answers at {address(host)}"
    if client.info().get("Swarm", {}).get("LocalNodeState") == "active":
        yield "is a swarm node"
    else:
        client.swarm.init(advertise_addr=host.swarm_address, listen_addr=f"{host.swarm_address}:2377")
        yield f"made a swarm node, which others join at {host.swarm_address}:2377"
    if missing := missing_base_images(client):
        _fetch_base_images(host)
        yield f"fetched the base images {', '.join(missing)}"
    else:
        yield f"has the base images {', '.join(BASE_IMAGES)}"
    yield from _mount_disks(host, client)
    yield from (f"started {name}" for name in start_failed(client))


def _mount_disks(host: Host, client: docker.DockerClient) -> Iterator[str]:
    """Mount the partners' disks."""
    if not host.disk_limits:
        yield "limits no partner's disk (disk_limits: false)"
        return
    owners = mount_all(client)
    yield f"limits each partner's disk by a file system; mounted: {', '.join(owners) or 'none yet'}"


def _fetch_base_images(host: Host) -> None:
    script = root() / "toolchain/base-image"
    done = subprocess.run([script], env=os.environ | {"DOCKER_HOST": address(host)}, check=False)
    if done.returncode != 0:
        raise Trouble(
            f"host {host.host}: {' and '.join(BASE_IMAGES)} could not be had; see the lines above",
            exit_code=NOT_WELL,
        )
