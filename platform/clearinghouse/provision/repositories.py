"""Where repositories lie on their host: each a folder of one volume, so that upkeep sees them all."""

from collections.abc import Mapping

import docker
from docker.types import Mount

from clearinghouse.engine import BASE_IMAGE, LABEL
from clearinghouse.plan.backup import MEMORY, REPOSITORIES, UID
from clearinghouse.plan.plan import Plan, Volume

_AT, _MEMORY = "/repositories", "/memory"


def folder(client: docker.DockerClient, plan: Plan, volume: Volume) -> str:
    """The folder of the host that a volume within another one is."""
    return f"{client.info()['DockerRootDir']}/volumes/{volume.within}/_data/{plan.owner}"


def make_folder(client: docker.DockerClient, plan: Plan, volume: Volume) -> None:
    """Make that folder; what is in it stays. No partner's container ever mounts what lies beside it."""
    owner = str(UID)
    make = ["install", "-d", "-o", owner, "-g", owner, "-m", "0700", f"{_AT}/{plan.owner}"]
    _run(client, make, {_AT: volume.within})


def remove_folder(client: docker.DockerClient, plan: Plan) -> None:
    """Remove a partner's repository, and what upkeep remembers of it; its copies stay."""
    there = {volume.name for volume in client.volumes.list()}
    wanted = {_AT: REPOSITORIES, _MEMORY: MEMORY}
    if there.issuperset(wanted.values()):
        paths = (_AT + "/{}", _MEMORY + "/{}.json", _MEMORY + "/told/{}.json")
        _run(client, ["rm", "-rf", *(path.format(plan.owner) for path in paths)], wanted)


def _run(client: docker.DockerClient, command: list[str], volumes: Mapping[str, str]) -> None:
    client.containers.run(
        BASE_IMAGE,
        command,
        mounts=[Mount(path, volume, type="volume", no_copy=True) for path, volume in volumes.items()],
        labels={f"{LABEL}.helper": "repositories"},
        network_mode="none",
        remove=True,
    )
