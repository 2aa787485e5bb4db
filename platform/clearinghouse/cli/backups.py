"""What `chm backup` and `chm restore` do, and how they show it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docker
from rich.progress import Progress

from clearinghouse.cli import stacks
from clearinghouse.cli.saving import COLUMNS, make, run_now, title
from clearinghouse.cli.screen import console, step
from clearinghouse.engine import connect
from clearinghouse.errors import COULD_NOT_FIND_OUT, NOT_WELL, Trouble
from clearinghouse.operate import backups, installation, keys, restoring
from clearinghouse.operate.repository import Copy, Readable, Repository, name_of
from clearinghouse.operate.upkeep import Kept, Upkeep
from clearinghouse.operate.usage import rounded
from clearinghouse.plan.installation import INSTALLATION
from clearinghouse.plan.plan import Plan
from clearinghouse.upkeep.care import DONE, HALF, NOT_WHOLE
from clearinghouse.upkeep.runs import Run, newest_first


def now(code: str, *, is_json: bool) -> None:
    """Make a backup at once; of the installation on each host that is up."""
    for client, plan in _places(code):
        _now(client, plan, is_json=is_json)


def _now(client: docker.DockerClient, plan: Plan, *, is_json: bool) -> None:
    if is_json:
        for told in run_now(client, plan):
            if told.get("message_type") == DONE:
                # Done is what the second place has too.
                _refuse_half(Upkeep(client, plan.host).care(plan.owner), str(told["run"]), plan)
            console.print(json.dumps(told), markup=False)
        return
    _carry(client, plan, make(client, plan))


def show(code: str, *, is_json: bool) -> None:
    """List backups, the newest first."""
    for client, plan in _places(code):
        kept = Upkeep(client, plan.host).kept().get(plan.owner)
        found = backups.runs(Repository(client, plan))
        for run in found:
            state = _state(run, kept)
            if is_json:
                console.print(json.dumps(_as_json(run, state)), markup=False)
            else:
                parts = "".join(f"  {each.part} {each.id[:8]} {rounded(each.size)}" for each in run.snapshots)
                on = "" if plan.owner == code else f"  on {plan.host}"
                why = "  before a restore" if run.is_before_restore else ""
                console.print(f"{run.began:%Y-%m-%d %H:%M}  {run.id}  {state}{parts}{on}{why}", markup=False)
        if not found and not is_json:
            console.print(f"{title(plan)}: there is no backup yet; `chm backup now {code}` makes one")


def check(code: str, *, is_data_read: bool) -> None:
    """Check that repositories are sound, and hold a whole backup."""
    for client, plan in _places(code):
        _check(client, plan, is_data_read=is_data_read)


def _check(client: docker.DockerClient, plan: Plan, *, is_data_read: bool) -> None:
    repository = Repository(client, plan)
    with step(f"look after the backups of {title(plan)} at both places") as tell:
        # First of all, so that upkeep knows of whatever is wrong.
        kept = Upkeep(client, plan.host).care(plan.owner, is_full=is_data_read)
        tell(_where(kept))
    with step(f"check the backups of {title(plan)}") as tell:
        for _ in repository.stream("check"):
            pass
        whole = [run for run in backups.runs(repository) if run.is_whole]
        if not whole:
            raise Trouble(f"{title(plan)}: there is no whole backup yet", exit_code=NOT_WELL)
        _refuse_half(kept, whole[0].id, plan)
        what = "all of its data was read and is" if is_data_read else "its structure is"
        tell(f"{what} sound; {len(whole)} whole backups, the newest of {whole[0].began:%Y-%m-%d %H:%M} UTC")


def trust(code: str) -> None:
    """Take as looked at what alarmed in backups."""
    for client, plan in _places(code):
        with step(f"trust the backups of {title(plan)}") as tell:
            upkeep = Upkeep(client, plan.host)
            texts = upkeep.trust(plan.owner)
            upkeep.care(plan.owner)
            tell("; ".join(texts) or "there was no alarm")


def key(code: str) -> None:
    """Make one more key of a partner's backups, for the partner's own custody, and show it once."""
    if code == INSTALLATION:
        raise Trouble("the key of the installation's backups is in its paper kit; `chm escrow` prints it")
    client, plan = _partner(code)
    password = keys.make()
    with step(f"let a new key open the backups of {code}") as tell:
        Upkeep(client, plan.host).add_key(code, password)
        tell("it opens the repository and its copy; nobody here keeps it")
    console.print(keys.sheet(code, password), markup=False)


def restore(code: str, into: Path, *, at: str | None, path: str | None, is_second: bool) -> None:
    """Restore files and dump into a folder; of the installation, the newest on any host."""
    found: dict[Run, Readable] = {}
    for client, plan in _places(code):
        there = Copy(Upkeep(client, plan.host), plan.owner) if is_second else Repository(client, plan)
        found |= dict.fromkeys(backups.runs(there), there)
    run = backups.chosen(newest_first(found, datetime.now(UTC)), at, code)
    repository = found[run]
    total = None if path else sum(snapshot.size for snapshot in run.snapshots)
    with (
        step(f"restore {run.id} of {code} into {into}") as tell,
        Progress(*COLUMNS, console=console, transient=True) as bar,
    ):
        task = bar.add_task("restored", total=total)
        count = restoring.restore(repository, run, into, path, lambda size: bar.advance(task, size))
        tell(f"{count} files")


def _places(code: str) -> list[tuple[docker.DockerClient, Plan]]:
    """Where backups of that name are made: on a partner's host; of the installation, on each that is up."""
    if code != INSTALLATION:
        return [_partner(code)]
    found = list(installation.places(stacks.declared()))
    if not found:
        raise Trouble(
            "installation: no host is up that could have its backups; `chm status` says what runs",
            exit_code=COULD_NOT_FIND_OUT,
        )
    return found


def _partner(code: str) -> tuple[docker.DockerClient, Plan]:
    _, host, plan = stacks.site_of(stacks.declared(), code)
    return connect(host), plan


def _carry(client: docker.DockerClient, plan: Plan, run: str) -> None:
    """A backup is done when the second place has it, verified."""
    with step(f"copy {run} to the second place, and read it back there") as tell:
        kept = Upkeep(client, plan.host).care(plan.owner)
        _refuse_half(kept, run, plan)
        tell(f"done; {_where(kept)}")


def _refuse_half(kept: Kept, run: str, plan: Plan) -> None:
    if fault := kept.fault(name_of(plan)):
        raise Trouble(
            f"stack {plan.stack}: backups of {title(plan)} are not well: {fault}", exit_code=NOT_WELL
        )
    if kept.runs.get(run) != DONE:
        raise Trouble(f"stack {plan.stack}: {run} is half: the second place lacks it", exit_code=NOT_WELL)


def _where(kept: Kept) -> str:
    return kept.second or "both places are volumes of one host, which may share a disk"


def _state(run: Run, kept: Kept | None) -> str:
    return ((kept.runs.get(run.id) if kept else None) or HALF) if run.is_whole else NOT_WHOLE


def _as_json(run: Run, state: str) -> dict[str, Any]:
    snapshots = [
        {"id": each.id, "part": each.part, "time": each.time, "bytes": each.size} for each in run.snapshots
    ]
    return {
        "run": run.id,
        "began": run.began.isoformat(),
        "whole": run.is_whole,
        "state": state,
        "before_restore": run.is_before_restore,
        "snapshots": snapshots,
    }
