"""Generations of a partner's data volumes beside those in use: the ones before, and what never took over."""

import re

import docker
import docker.errors

from clearinghouse.engine import LABEL
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.helper import Helper
from clearinghouse.plan.plan import Plan, Volume
from clearinghouse.provision.images import image_ids
from clearinghouse.provision.labels import labels

_OLD = "/old"


def newer(client: docker.DockerClient, plan: Plan) -> tuple[Volume, ...]:
    """Those that a restore made and that never took over, as when it was killed."""
    now = {volume.role: volume.generation for volume in plan.volumes}
    return tuple(
        each for each in _there(client, plan) if each.generation > now.get(each.role, each.generation)
    )


def older(client: docker.DockerClient, plan: Plan) -> tuple[Volume, ...]:
    """Those that others took over from, kept until a drill has passed."""
    now = {volume.role: volume.generation for volume in plan.volumes}
    return tuple(each for each in _there(client, plan) if each.generation < now.get(each.role, 0))


def remove(client: docker.DockerClient, plan: Plan, volumes: tuple[Volume, ...]) -> None:
    """Remove volumes with all that is in them; those that are not there are passed by.

    Raises:
        Trouble: the engine holds one.
    """
    there = {volume.name for volume in _there(client, plan)}
    for volume in volumes:
        if volume.name in there:
            _remove(client, plan, volume)


def _there(client: docker.DockerClient, plan: Plan) -> tuple[Volume, ...]:
    ours = labels(plan, "")
    wanted = [f"{label}={ours[label]}" for label in (f"{LABEL}.owner", f"{LABEL}.installation")]
    found = []
    for volume in client.volumes.list(filters={"label": wanted}):
        role = str((volume.attrs.get("Labels") or {}).get(f"{LABEL}.role"))
        if named := re.fullmatch(rf"{re.escape(plan.prefix)}-{re.escape(role)}-g(\d+)", str(volume.name)):
            found.append(Volume(str(volume.name), role, int(named[1])))
    return tuple(sorted(found, key=lambda each: each.name))


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
