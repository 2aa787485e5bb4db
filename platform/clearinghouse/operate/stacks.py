"""Bringing stacks up and taking them down, hosts and partners in the right order."""

import time
from collections.abc import Iterable
from dataclasses import replace

import docker

from clearinghouse.declare.host import Host
from clearinghouse.declare.load import Declaration
from clearinghouse.disk import place, remount
from clearinghouse.engine import LABEL, connect, containers_of, health, start_failed
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.installation import ensure_name, name, root
from clearinghouse.operate import pulumi, secrets, site_builds, writers
from clearinghouse.operate.deletion import delete_data
from clearinghouse.operate.leftovers import Leftovers
from clearinghouse.operate.upkeep import Upkeep
from clearinghouse.plan.drill import drilled
from clearinghouse.plan.edge import plan_host
from clearinghouse.plan.generations import DATABASE, GENERATIONS, Generations
from clearinghouse.plan.plan import Plan
from clearinghouse.plan.plan import Volume as DataVolume
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.generations import check_generations, newer, older, uses
from clearinghouse.provision.preflight import check_kept, check_ready, disk_of
from clearinghouse.provision.site_image import build_for, site_folder, there

_HOST = "host-"
_PATIENCE = 120
"""Seconds for a container that was started again to get healthy."""


def plan_of(declaration: Declaration, stack: str) -> tuple[Plan, Host]:
    """The plan and the host of a stack by its name, `cd` or `host-local`.

    Raises:
        Trouble: nothing of that name is declared, or what is has problems: they are the message.
    """
    if stack.startswith(_HOST):
        host = _declared_host(declaration, stack.removeprefix(_HOST))
        return replace(plan_host(host), installation=name() or ""), host
    _refuse_problems(declaration, f"{stack}.yaml")
    if stack not in declaration.partners:
        raise Trouble(f"stack {stack}: there is no stacks/{stack}.yaml")
    partner = declaration.partners[stack]
    host = _declared_host(declaration, partner.host)
    build = build_for(root(), partner, site_builds.held(stack))
    plan = plan_partner(partner, host, generations(stack), build=build)
    return replace(plan, installation=name() or ""), host


def _declared_host(declaration: Declaration, name: str) -> Host:
    _refuse_problems(declaration, f"hosts/{name}.yaml")
    if name not in declaration.hosts:
        raise Trouble(f"host {name}: there is no stacks/hosts/{name}.yaml")
    return declaration.hosts[name]


def _refuse_problems(declaration: Declaration, file: str) -> None:
    """Only what concerns one file: another partner's mistake is no reason to leave this one alone."""
    own = [str(problem) for problem in declaration.problems if str(problem.file) == f"stacks/{file}"]
    if own:
        raise Trouble("\n".join(own))


def generations(stack: str) -> Generations:
    """What the stack's configuration says of its data."""
    written = pulumi.configuration(stack)
    found = written.get(GENERATIONS) or {}
    if isinstance(found, dict) and all(type(number) is int and number > 0 for number in found.values()):
        numbers = {str(role): number for role, number in found.items()}
        return Generations(numbers, str(written.get(DATABASE) or ""))
    raise Trouble(f"stacks/Pulumi.{stack}.yaml: generations: should be numbers from 1 by role, is {found!r}")


def up(declaration: Declaration, stack: str) -> str:
    """Bring one stack up: its secrets made, what a killed `up` left cleared, then `pulumi up`.

    Returns:
        What changed, for people.

    Raises:
        Trouble: one sentence with the cause.
    """
    ensure_name()
    plan, host = plan_of(declaration, stack)
    client = connect(host)
    check_ready(plan, host, client)
    kept = check_kept(plan, client)
    check_generations(plan, client)
    _build_site(declaration, plan, client)
    started = start_failed(client)
    made = secrets.make_missing(plan)
    lifted = pulumi.lift_dead_lock(stack)
    known = pulumi.known_ids(stack)
    remade = _let_repository_be_made(plan, client)
    left = Leftovers(plan, client, known)
    if lifted or left:
        left.clear()
    _ensure_disk(plan, client)
    if uses(client, plan, (*older(client, plan), *newer(client, plan))):
        # Half of what is written meanwhile would lie in those that others take over from.
        writers.stop(client, plan.owner)
    try:
        changes = _deploy(plan, host, left)
    except Trouble as trouble:
        raise Trouble(f"{trouble}{_last_words(plan, host)}", exit_code=trouble.exit_code) from None
    told = [f"{count} {word}" for word, count in changes.items()] or ["nothing to change"]
    if adopted := [volume for volume in kept if volume not in known]:
        told.append(f"adopted the kept data of {', '.join(adopted)}")
    if made:
        told.append(f"made {', '.join(made)}")
    if started:
        told.append(f"started {', '.join(started)}, which the host's engine had failed to")
    if remade:
        told.append("made its repository of backups anew: the one that was there is gone")
    if lifted:
        told.append("lifted the lock of an `up` that was killed")
    if left:
        told.append(f"removed what it had left: {len(left)} container{'s' if len(left) > 1 else ''}")
    if held := site_builds.told(plan, client):
        told.append(held)
    _settle(plan, host, left)
    if plan.site_images:
        site_builds.prune(client, plan)
    return ", ".join(told)


def _build_site(declaration: Declaration, plan: Plan, client: docker.DockerClient) -> None:
    """Before anything changes; all that is wrong in the partner's information is told."""
    for image in plan.site_images:
        if there(client, image) is None:
            site_folder(root(), declaration.partners[plan.stack], image)


def _deploy(plan: Plan, host: Host, left: Leftovers) -> dict[str, int]:
    """Run `pulumi up`; once more without what a killed one had left, which may hold what is to go."""
    try:
        return pulumi.deploy("up", plan.stack, "--refresh")
    except Trouble:
        if not left.has_serving:
            raise
    _settle(plan, host, left)
    return pulumi.deploy("up", plan.stack, "--refresh")


def _settle(plan: Plan, host: Host, left: Leftovers) -> None:
    """Those that the state knows serve, and what was left goes."""
    left.hand_over()
    _wait_until_well(plan, host)
    left.retire()


def down(declaration: Declaration, stack: str, *, is_data_deleted: bool) -> str:
    """Take one stack down; its data volumes stay unless they are to go.

    Raises:
        Trouble: a host that partners are on: they are named. Or a stack that nobody knows.
    """
    if not _is_declared(declaration, stack):
        return _down_undeclared(stack, is_data_deleted=is_data_deleted)
    plan, host = plan_of(declaration, stack)
    client = connect(host)
    if plan.tier == "host":
        _refuse_while_used(host)
    if not is_data_deleted:
        check_generations(plan, client)
    pulumi.lift_dead_lock(stack)
    pulumi.deploy("destroy", stack)
    if is_data_deleted:
        owners = delete_data(plan, client)
        return "data deleted" + (f", but for the backups of {', '.join(owners)}" if owners else "")
    if not plan.volumes:
        return f"it has no data; its builds stay on host {host.host}"
    return _kept(plan, client)


def _kept(plan: Plan, client: docker.DockerClient) -> str:
    """Where the data of a stack that is down stays, for people."""
    names = [volume.name for volume in plan.volumes if volume.role != "repository"]
    where = f", on host {plan.host} in {place(client, plan.owner)}" if plan.disk is not None else ""
    backups = [volume.name for volume in plan.volumes if volume.role == "repository"]
    return f"data kept in {', '.join(names)}{where}{f', and its backups in {backups[0]}' if backups else ''}"


def _is_declared(declaration: Declaration, stack: str) -> bool:
    files = {str(problem.file) for problem in declaration.problems}
    names = {*declaration.partners, *(f"{_HOST}{host}" for host in declaration.hosts)}
    return stack in names or f"stacks/{stack.replace(_HOST, 'hosts/', 1)}.yaml" in files


def _down_undeclared(stack: str, *, is_data_deleted: bool) -> str:
    """A stack whose file was renamed or removed is known to its state alone."""
    if stack not in pulumi.stacks():
        raise Trouble(f"stack {stack}: there is no stacks/{stack}.yaml, and no such stack was ever made")
    if is_data_deleted:
        raise Trouble(
            f"stack {stack}: its data is only deleted while stacks/{stack}.yaml says where it is;"
            " put that file back and repeat"
        )
    pulumi.lift_dead_lock(stack)
    pulumi.deploy("destroy", stack)
    return f"no file declares it any more; its data volumes chm-{stack}-… stay on their host"


def owners_on(host: Host) -> list[str]:
    """The partners that have containers on a host, by their codes."""
    found = connect(host).containers.list(all=True, filters={"label": f"{LABEL}.owner"}, ignore_removed=True)
    return sorted({container.labels[f"{LABEL}.owner"] for container in found} - {"host"})


def strays(declaration: Declaration) -> list[str]:
    """What runs on the declared hosts and no file declares, a sentence each."""
    declared = {*declaration.partners, *(problem.file.stem for problem in declaration.problems)}
    return [
        f"{owner} runs on {host.host}, and no file declares it; `chm down {owner}`"
        for host in declaration.hosts.values()
        for owner in owners_on(host)
        if owner not in declared and not drilled(owner)
    ]


def in_order(declaration: Declaration, names: Iterable[str]) -> list[str]:
    """Stack names with hosts first; all that are declared when none is named."""
    wanted = list(names) or [*(f"{_HOST}{host}" for host in declaration.hosts), *declaration.partners]
    return sorted(wanted, key=lambda name: (not name.startswith(_HOST), name))


def _refuse_while_used(host: Host) -> None:
    partners = owners_on(host)
    if partners:
        raise Trouble(
            f"host {host.host}: partners are on it: {', '.join(partners)}; take them down or move them first",
            exit_code=NOT_WELL,
        )


def _ensure_disk(plan: Plan, client: docker.DockerClient) -> None:
    """After a reboot nothing that has data runs until the partner's disk is mounted."""
    has_data = {
        container.role
        for container in plan.containers
        if not container.runs_once and any(isinstance(mount.source, DataVolume) for mount in container.mounts)
    }
    there = [c for c in containers_of(client, plan.owner) if c.labels.get(f"{LABEL}.role") in has_data]
    if plan.disk is not None and any(c.status != "running" for c in there):
        remount(client, disk_of(plan))


def _let_repository_be_made(plan: Plan, client: docker.DockerClient) -> bool:
    """A step that has run is only done again when its container is gone."""
    steps = [c for c in containers_of(client, plan.owner) if c.labels.get(f"{LABEL}.role") == "keys"]
    try:
        if not steps or Upkeep(client, plan.host).is_made(plan.owner):
            return False
    except Trouble:
        # No upkeep, or one of another version: the host's own `up` is for that.
        return False
    for step in steps:
        step.remove(force=True)
    return True


def _wait_until_well(plan: Plan, host: Host) -> None:
    """A container that was only started again is not waited for by Pulumi."""
    client = connect(host)
    end = time.monotonic() + _PATIENCE
    while starting := [c.name for c in containers_of(client, plan.owner) if health(c) == "starting"]:
        if time.monotonic() > end:
            raise Trouble(
                f"stack {plan.stack}: {', '.join(map(str, starting))} does not get healthy;"
                f" `docker logs {starting[0]}` says why",
                exit_code=NOT_WELL,
            )
        time.sleep(0.2)


def _last_words(plan: Plan, host: Host) -> str:
    """What the containers that are not well said last: the cause is seldom in Pulumi's own words."""
    told = []
    try:
        found = containers_of(connect(host), plan.owner)
    except Trouble:
        return ""
    for container in found:
        now = health(container)
        has_failed = container.attrs["State"]["ExitCode"] != 0 and now in ("exited", "restarting")
        last = container.logs(tail=1).decode(errors="replace").strip()
        if last and (has_failed or now == "unhealthy"):
            told.append(f"\n{container.name} is {now} and said last: {last}")
    return "".join(told)
