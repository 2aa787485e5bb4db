"""Generations of a partner's data volumes beside those in use: the ones before, and what never took over."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import docker
from docker.models.containers import Container

from clearinghouse.engine import LABEL, containers_of
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.plan.generations import DATABASE, GENERATIONS
from clearinghouse.plan.installation import INSTALLATION
from clearinghouse.plan.plan import Plan, Volume
from clearinghouse.provision.labels import labels

WRITERS = ("access", "cron", "app")
"""The roles of those who change a site's data."""
_ASKERS = {"cron", "app"}
"""And of those who do it by the database; they are started when that is ready."""
_NEVER = datetime.max.replace(tzinfo=UTC)


def role_of(container: Container) -> str:
    """What a container does, by its label."""
    return str(container.labels.get(f"{LABEL}.role"))


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
    """Those that others took over from, kept until a drill of a newer backup has passed."""
    now = {volume.role: volume.generation for volume in plan.volumes}
    return tuple(each for each in on_host(client, plan) if each.generation < now.get(each.role, 0))


def in_use_since(client: docker.DockerClient, plan: Plan) -> datetime:
    """When the newest of the volumes that a plan has was made (UTC); never, where none of them is there."""
    names = {volume.name for volume in plan.volumes}
    made = [str(each.attrs["CreatedAt"]) for each in client.volumes.list() if each.name in names]
    return max((datetime.fromisoformat(each).astimezone(UTC) for each in made), default=_NEVER)


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
    """Refuse to go to other data only because somebody's configuration is not of what was done last.

    Raises:
        Trouble: names the volume that is in use, and says how the configuration gets right; nothing has been
            touched.
    """
    if told := fault_of_generations(plan, client):
        raise Trouble(f"stack {plan.stack}: {told}", exit_code=NOT_WELL)


def fault_of_generations(plan: Plan, client: docker.DockerClient) -> str:
    """What is wrong where the configuration is not of the data that is in use, in one sentence; else nothing.

    It is of other data where containers use newer volumes, or where nobody could say: there are newer ones,
    and none of those that it names, or no container at all. Or where somebody may write into older ones, for
    a restore that was broken off has stopped whoever could.
    """
    used = _others_in_use(plan, client)
    if not used:
        return ""
    in_use = sorted({each.role: each for each in sorted(used, key=_generation)}.values(), key=_generation)
    return (
        f"its data is in {in_use[-1].name}, and stacks/Pulumi.{plan.stack}.yaml says another one: put that"
        f" file back as it was last, from version control or from an earlier run of `chm backup list"
        f" {INSTALLATION}`; or `{_command(plan, client, in_use)}`"
    )


def _others_in_use(plan: Plan, client: docker.DockerClient) -> list[Volume]:
    ahead, there = newer(client, plan), {volume.name for volume in on_host(client, plan)}
    containers = containers_of(client, plan.owner)
    if not containers:
        return list(ahead)
    lost = {volume.role for volume in plan.volumes if volume.name not in there}
    used = [volume for _, volume in uses(client, plan, ahead)]
    used += [volume for volume in ahead if volume.role in lost]
    before = uses(client, plan, older(client, plan))
    # Beside a new one that runs, the one that it takes over from is there, stopped, until an `up` ends.
    writing = {container.id: role_of(container) for container in containers if _writes(container)}
    asked = {DATABASE} if _ASKERS & {*writing.values()} else set()
    if any(container.id in writing or role_of(container) in asked for container, _ in before):
        used += [volume for _, volume in before]
    return used


def _writes(container: Container) -> bool:
    return container.status == "running" and role_of(container) in WRITERS


def _generation(volume: Volume) -> int:
    return volume.generation


def _command(plan: Plan, client: docker.DockerClient, volumes: Iterable[Volume]) -> str:
    """What writes the configuration that fits what is there."""
    values = [f"{GENERATIONS}.{each.role}={each.generation}" for each in volumes]
    values += [f"{DATABASE}={server}" for server in _servers(plan, client)]
    return (
        f"pulumi config set-all -s {plan.stack} --path {' '.join(f'--plaintext {each}' for each in values)}"
    )


def _servers(plan: Plan, client: docker.DockerClient) -> set[str]:
    """Which database server runs there, by its image's name."""
    return {
        found[1]
        for container in containers_of(client, plan.owner)
        if role_of(container) == DATABASE and container.image
        for tag in container.image.tags
        if (found := re.fullmatch(r"clearinghouse/([a-z]+-[0-9.]+):.*", tag))
    }
