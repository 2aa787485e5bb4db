"""Whether all of a partner's data is backed up: its plan, what is mounted and the newest run, compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import docker

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import LABEL, connect, containers_of
from clearinghouse.errors import Trouble
from clearinghouse.operate import backups
from clearinghouse.operate.repository import Readable, Repository
from clearinghouse.plan.backup import DUMP, uncovered
from clearinghouse.plan.plan import Container, Plan, Volume
from clearinghouse.provision.generations import fault_of_generations
from clearinghouse.upkeep.runs import Run

_AT_REST = {"created", "exited", "dead"}
"""A container that has filled a volume, or prepared something, changes no data."""


@dataclass(frozen=True, slots=True)
class Mounted:
    """A volume, or a folder of the host, that a running container has.

    Attributes:
        container: its name on the engine.
        role: what its label says that it does; empty where it has none.
        source: the volume's name, or the folder's path on the host.
        path: where the container has it.
    """

    container: str
    role: str
    source: str
    path: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The newest whole run, and what was looked for and found in it.

    Attributes:
        paths: folders, and the dump's file; those that the plan has data at.
    """

    run: Run
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a partner is backed up, and what is not.

    Attributes:
        volumes: the volumes that are backed up by the plan.
        is_dumped: whether a database is.
        excluded: what is declared to be left out, and why.
        run: the newest whole run; None where there is none, or no data.
        missing: what is in no backup, a sentence each with the next step.
    """

    partner: str
    volumes: tuple[str, ...]
    is_dumped: bool
    excluded: Mapping[str, str]
    run: Run | None
    missing: tuple[str, ...]


def coverage(partner: Partner, host: Host, plan: Plan) -> Coverage:
    """Compare a partner's plan with its running containers and its newest whole run.

    Raises:
        Trouble: the host's engine does not answer.
    """
    client = connect(host)
    stale = fault_of_generations(plan, client)
    mounted = tuple(_mounted(client, plan))
    missing = [stale] if stale else [*unmounted(plan, partner, mounted, _filled(client, plan))]
    saved = None
    if not stale and (wanted := _wanted(plan)):
        try:
            saved = _newest(Repository(client, plan), wanted, plan.stack)
            missing += unsaved(plan, saved)
        except Trouble as trouble:
            missing.append(str(trouble).removeprefix(f"stack {plan.stack}: "))
    return Coverage(
        partner=partner.partner,
        volumes=tuple(volume.name for volume in _kept(plan).values()),
        is_dumped=_is_dumped(plan),
        excluded={each.data: each.reason for each in partner.backup.exclude},
        run=saved.run if saved else None,
        missing=tuple(missing),
    )


def unmounted(
    plan: Plan, partner: Partner, mounted: Iterable[Mounted], filled: Iterable[str]
) -> Iterator[str]:
    """What the backup container does not have, a sentence each.

    Args:
        mounted: all that the partner's running containers have.
        filled: the volumes that the platform filled and makes again: configuration, secrets, tools.
    """
    for volume in uncovered(plan, partner):
        yield f"the plan has the volume {volume.name} in no backup; `chm check` says more"
    by_backup = {each.path: each.source for each in mounted if each.role == "backup"}
    if _backup(plan) and not by_backup:
        yield f"its container backup does not run; `chm up {plan.stack}` starts it"
    elif _backup(plan):
        for path, volume in _kept(plan).items():
            if by_backup.get(path) != volume.name:
                yield (
                    f"its container backup does not have the volume {volume.name} at {path};"
                    f" `chm up {plan.stack}` makes it anew"
                )
    known = {*filled, *(volume.name for volume in plan.volumes)}
    for each in mounted:
        if each.source not in known:
            yield _stray(plan, each)


def unsaved(plan: Plan, saved: Saved) -> Iterator[str]:
    """What the newest whole run lacks of what the plan has, a sentence each."""
    again = f"`chm backup now {plan.stack}` makes another, `docker logs chm-{plan.owner}-backup` may say more"
    parts = {snapshot.part for snapshot in saved.run.snapshots}
    for part, paths in _wanted(plan).items():
        if part not in parts:
            yield f"{saved.run.id} has no {part}; {again}"
            continue
        for path in sorted(paths - saved.paths):
            volume = _kept(plan).get(path)
            what = f"{path}, the volume {volume.name}" if volume else path
            yield f"{saved.run.id} lacks {what}; {again}"


def _stray(plan: Plan, mounted: Mounted) -> str:
    what = f"{mounted.container} has {mounted.source} at {mounted.path}, which is in no backup"
    if any(container.role == mounted.role for container in plan.containers):
        return f"{what}; `chm up {plan.stack}` makes it as planned, save what is in there before"
    return (
        f"{what}, and is not of the plan; move what should stay into the site or one of its writable folders,"
        f" then `docker rm --force {mounted.container}`"
    )


def _wanted(plan: Plan) -> Mapping[str, frozenset[str]]:
    """What a whole run should have, by part."""
    files, dump = frozenset(_kept(plan)), frozenset({f"/{DUMP}"})
    return {
        part: paths
        for part, paths in (("files", files), ("database", dump if _is_dumped(plan) else frozenset()))
        if paths
    }


def _backup(plan: Plan) -> Container | None:
    return next((container for container in plan.containers if container.role == "backup"), None)


def _is_dumped(plan: Plan) -> bool:
    backup = _backup(plan)
    return backup is not None and bool(backup.env["BACKUP_DATABASE"])


def _kept(plan: Plan) -> Mapping[str, Volume]:
    """The volumes whose files are backed up, by their paths in a backup."""
    backup = _backup(plan)
    mounts = backup.mounts if backup else ()
    return {mount.path: mount.source for mount in mounts if isinstance(mount.source, Volume)}


def _mounted(client: docker.DockerClient, plan: Plan) -> Iterator[Mounted]:
    for container in containers_of(client, plan.owner):
        if container.status not in _AT_REST:
            for mount in container.attrs["Mounts"]:
                if mount["Type"] != "tmpfs":
                    yield Mounted(
                        container=str(container.name),
                        role=container.labels.get(f"{LABEL}.role", ""),
                        source=mount.get("Name") or mount["Source"],
                        path=mount["Destination"],
                    )


def _filled(client: docker.DockerClient, plan: Plan) -> frozenset[str]:
    wanted = [f"{LABEL}.owner={plan.owner}", f"{LABEL}.content"]
    return frozenset(str(volume.name) for volume in client.volumes.list(filters={"label": wanted}))


def _newest(repository: Readable, wanted: Mapping[str, frozenset[str]], stack: str) -> Saved:
    """The newest whole run, and what of the wanted is in it.

    Raises:
        Trouble: there is none, or the repository cannot be read.
    """
    run = backups.chosen(backups.runs(repository), None, stack)
    found = {
        str(node["path"])
        for snapshot in run.snapshots
        for node in repository.ask_lines("ls", snapshot.id, *sorted(wanted.get(snapshot.part, ())))
        if node.get("struct_type") == "node"
    }
    return Saved(run, frozenset(found))
