"""Generations of a partner's data volumes beside those in use: the ones before, and what never took over."""

import re

import docker
from docker.models.containers import Container

from clearinghouse.engine import LABEL, containers_of
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.plan.generations import GENERATIONS
from clearinghouse.plan.plan import Plan, Volume
from clearinghouse.provision.labels import labels


def on_host(client: docker.DockerClient, plan: Plan) -> tuple[Volume, ...]:
    """All that are there, by their names."""
    ours = labels(plan, "")
    wanted = [f"{label}={ours[label]}" for label in (f"{LABEL}.owner", f"{LABEL}.installation")]
    found = []
    for volume in client.volumes.list(filters={"label": wanted}):
        role = str((volume.attrs.get("Labels") or {}).get(f"{LABEL}.role"))
        if named := re.fullmatch(rf"{re.escape(plan.prefix)}-{re.escape(role)}-g(\d+)", str(volume.name)):
            found.append(Volume(str(volume.name), role, int(named[1])))
    return tuple(sorted(found, key=lambda each: each.name))


def newer(client: docker.DockerClient, plan: Plan) -> tuple[Volume, ...]:
    """Those that a restore made and that never took over, as when it was killed."""
    now = {volume.role: volume.generation for volume in plan.volumes}
    return tuple(
        each for each in on_host(client, plan) if each.generation > now.get(each.role, each.generation)
    )


def older(client: docker.DockerClient, plan: Plan) -> tuple[Volume, ...]:
    """Those that others took over from, kept until a drill has passed."""
    now = {volume.role: volume.generation for volume in plan.volumes}
    return tuple(each for each in on_host(client, plan) if each.generation < now.get(each.role, 0))


def uses(
    client: docker.DockerClient, plan: Plan, volumes: tuple[Volume, ...]
) -> tuple[tuple[Container, Volume], ...]:
    """Which of a partner's containers, running or not, uses which of some volumes."""
    names = {volume.name: volume for volume in volumes}
    return tuple(
        (container, names[str(mount["Name"])])
        for container in containers_of(client, plan.owner)
        for mount in container.attrs["Mounts"]
        if mount.get("Name") in names
    )


def check_generations(plan: Plan, client: docker.DockerClient) -> None:
    """Refuse to go back to older data because somebody's configuration is older than what was done last.

    Raises:
        Trouble: names the volume that is in use; nothing has been touched.
    """
    ahead = newer(client, plan)
    there = {volume.name for volume in on_host(client, plan)} if ahead else set()
    lost = {volume.role for volume in plan.volumes if volume.name not in there}
    used = [volume for container, volume in uses(client, plan, ahead) if container.status == "running"]
    if found := [*used, *(each for each in ahead if each.role in lost)]:
        volume = max(found, key=lambda each: each.generation)
        raise Trouble(
            f"stack {plan.stack}: its data is in {volume.name}, and stacks/Pulumi.{plan.stack}.yaml says an"
            " older one: put that file back as it was last, from version control or"
            " `chm restore installation --into FOLDER`; or"
            f" `pulumi config set --path {GENERATIONS}.{volume.role} {volume.generation} -s {plan.stack}`",
            exit_code=NOT_WELL,
        )
