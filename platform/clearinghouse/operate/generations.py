"""Generations of a partner's data volumes that go."""

import docker
import docker.errors

from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.helper import Helper
from clearinghouse.plan.plan import Plan, Volume
from clearinghouse.provision.generations import newer, on_host, uses
from clearinghouse.provision.images import image_ids

_OLD = "/old"


def let_go(client: docker.DockerClient, plan: Plan) -> None:
    """Remove the containers that use newer generations than a plan has, for those before to take over."""
    for container in {container for container, _ in uses(client, plan, newer(client, plan))}:
        container.stop(timeout=60)
        container.remove(v=True)


def remove(client: docker.DockerClient, plan: Plan, volumes: tuple[Volume, ...]) -> None:
    """Remove volumes with all that is in them; those that are not there are passed by.

    Raises:
        Trouble: the site uses one, or the engine holds it.
    """
    if used := uses(client, plan, volumes):
        container, volume = used[0]
        raise Trouble(
            f"stack {plan.stack}: {container.name} still uses {volume.name}, so it stays;"
            f" `chm up {plan.stack}` finishes what was begun",
            exit_code=NOT_WELL,
        )
    there = {volume.name for volume in on_host(client, plan)}
    for volume in volumes:
        if volume.name in there:
            _remove(client, plan, volume)


def _remove(client: docker.DockerClient, plan: Plan, volume: Volume) -> None:
    """On a partner's disk a volume is a folder, which stays when the volume goes: so it is emptied first."""
    image = image_ids({"upkeep"}, plan.host, client)["upkeep"]
    empty = ["find", _OLD, "-mindepth", "1", "-delete"]
    capabilities = ("DAC_OVERRIDE", "FOWNER")
    with Helper(
        client, plan.owner, image, empty, volumes={volume.name: f"{_OLD}:rw"}, capabilities=capabilities
    ) as helper:
        for _ in helper.run():
            pass
    try:
        client.volumes.get(volume.name).remove()
    except docker.errors.APIError as error:
        raise Trouble(
            f"host {plan.host}: its engine holds the volume {volume.name} ({error.explanation or error});"
            f" stop what mounts it, and `docker volume rm {volume.name}`",
            exit_code=NOT_WELL,
        ) from None
