"""Where repositories lie on their host: each a folder of one volume, so that upkeep sees them all."""

import docker
from docker.types import Mount

from clearinghouse.disk import BASE_IMAGE
from clearinghouse.engine import LABEL
from clearinghouse.plan.backup import UID
from clearinghouse.plan.plan import Plan, Volume

_AT = "/repositories"


def folder(client: docker.DockerClient, plan: Plan, volume: Volume) -> str:
    """The folder of the host that a volume within another one is."""
    return f"{client.info()['DockerRootDir']}/volumes/{volume.within}/_data/{plan.owner}"


def make_folder(client: docker.DockerClient, plan: Plan, volume: Volume) -> None:
    """Make that folder; what is in it stays. No partner's container ever mounts what lies beside it."""
    client.containers.run(
        BASE_IMAGE,
        ["install", "-d", "-o", str(UID), "-g", str(UID), "-m", "0700", f"{_AT}/{plan.owner}"],
        mounts=[Mount(_AT, volume.within, type="volume", no_copy=True)],
        labels={f"{LABEL}.helper": "repositories"},
        network_mode="none",
        remove=True,
    )
