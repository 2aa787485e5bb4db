"""What `chm backup` and `chm restore` do, and how they show it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from clearinghouse.cli import stacks
from clearinghouse.cli.screen import console, step
from clearinghouse.engine import connect
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate import backups, keys, restoring
from clearinghouse.operate.repository import Copy, Repository
from clearinghouse.operate.upkeep import Kept, Upkeep
from clearinghouse.operate.usage import rounded
from clearinghouse.plan.plan import Plan
from clearinghouse.upkeep.care import DONE, HALF, NOT_WHOLE
from clearinghouse.upkeep.runs import Run

_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    DownloadColumn(binary_units=True),
    TransferSpeedColumn(),
    TimeRemainingColumn(),
)


def now(code: str, *, is_json: bool) -> None:
    """Make a backup at once."""
    client, plan = _partner(code)
    if is_json:
        for told in backups.run_now(client, plan):
            if told.get("message_type") == DONE:
                # Done is what the second place has too.
                _refuse_half(Upkeep(client, plan.host).care(code), str(told["run"]), code)
            console.print(json.dumps(told), markup=False)
        return
    with step(f"back up {code}") as tell, Progress(*_COLUMNS, console=console, transient=True) as bar:
        task = bar.add_task("files", total=None)
        sums: list[str] = []
        run = ""
        for told in backups.run_now(client, plan):
            run = str(told.get("run") or run)
            if told.get("message_type") == "status":
                bar.update(task, completed=told.get("bytes_done", 0), total=told.get("total_bytes"))
            elif told.get("message_type") == "summary":
                sums.append(_summed("database" if sums or "files" not in plan_parts(plan) else "files", told))
                bar.update(task, description="database", completed=0, total=None)
        tell(f"{run}: {', '.join(sums)}")
    _carry(client, plan, run)


def show(code: str, *, is_json: bool) -> None:
    """List a partner's backups."""
    client, plan = _partner(code)
    kept = Upkeep(client, plan.host).kept().get(code)
    found = backups.runs(Repository(client, plan))
    for run in found:
        state = _state(run, kept)
        if is_json:
            console.print(json.dumps(_as_json(run, state)), markup=False)
        else:
            parts = "".join(f"  {each.part} {each.id[:8]} {rounded(each.size)}" for each in run.snapshots)
            console.print(f"{run.began:%Y-%m-%d %H:%M}  {run.id}  {state}{parts}", markup=False)
    if not found and not is_json:
        console.print(f"{code}: there is no backup yet; `chm backup now {code}` makes one")


def check(code: str, *, is_data_read: bool) -> None:
    """Check that a partner's repository is sound, and holds a whole backup."""
    client, plan = _partner(code)
    repository = Repository(client, plan)
    with step(f"look after the backups of {code} at both places") as tell:
        # First of all, so that upkeep knows of whatever is wrong.
        kept = Upkeep(client, plan.host).care(code, is_full=is_data_read)
        tell(_where(kept))
    with step(f"check the backups of {code}") as tell:
        for _ in repository.stream("check"):
            pass
        whole = [run for run in backups.runs(repository) if run.is_whole]
        if not whole:
            raise Trouble(f"stack {code}: there is no whole backup yet", exit_code=NOT_WELL)
        _refuse_half(kept, whole[0].id, code)
        what = "all of its data was read and is" if is_data_read else "its structure is"
        tell(f"{what} sound; {len(whole)} whole backups, the newest of {whole[0].began:%Y-%m-%d %H:%M} UTC")


def trust(code: str) -> None:
    """Take as looked at what alarmed in a partner's backups."""
    client, plan = _partner(code)
    with step(f"trust the backups of {code}") as tell:
        upkeep = Upkeep(client, plan.host)
        texts = upkeep.trust(code)
        upkeep.care(code)
        tell("; ".join(texts) or "there was no alarm")


def key(code: str) -> None:
    """Make one more key of a partner's backups, for the partner's own custody, and show it once."""
    client, plan = _partner(code)
    password = keys.make()
    with step(f"let a new key open the backups of {code}") as tell:
        Upkeep(client, plan.host).add_key(code, password)
        tell("it opens the repository and its copy; nobody here keeps it")
    console.print(keys.sheet(code, password), markup=False)


def restore(code: str, into: Path, *, at: str | None, path: str | None, is_second: bool) -> None:
    """Restore a partner's files and dump into a folder."""
    client, plan = _partner(code)
    repository = Copy(Upkeep(client, plan.host), code) if is_second else Repository(client, plan)
    run = backups.chosen(backups.runs(repository), at, code)
    total = None if path else sum(snapshot.size for snapshot in run.snapshots)
    with (
        step(f"restore {run.id} of {code} into {into}") as tell,
        Progress(*_COLUMNS, console=console, transient=True) as bar,
    ):
        task = bar.add_task("restored", total=total)
        count = restoring.restore(repository, run, into, path, lambda size: bar.advance(task, size))
        tell(f"{count} files")


def plan_parts(plan: Plan) -> tuple[str, ...]:
    """The parts that a run of a partner's backup has."""
    env = next((c.env for c in plan.containers if c.role == "backup"), {})
    has = {"files": env.get("BACKUP_PATHS"), "database": env.get("BACKUP_DATABASE")}
    return tuple(part for part, wanted in has.items() if wanted)


def _partner(code: str) -> tuple[docker.DockerClient, Plan]:
    _, host, plan = stacks.site_of(stacks.declared(), code)
    return connect(host), plan


def _carry(client: docker.DockerClient, plan: Plan, run: str) -> None:
    """A backup is done when the second place has it, verified."""
    with step(f"copy {run} to the second place, and read it back there") as tell:
        kept = Upkeep(client, plan.host).care(plan.owner)
        _refuse_half(kept, run, plan.owner)
        tell(f"done; {_where(kept)}")


def _refuse_half(kept: Kept, run: str, code: str) -> None:
    if fault := kept.fault(code):
        raise Trouble(f"stack {code}: its backups are not well: {fault}", exit_code=NOT_WELL)
    if kept.runs.get(run) != DONE:
        raise Trouble(f"stack {code}: {run} is half: the second place lacks it", exit_code=NOT_WELL)


def _where(kept: Kept) -> str:
    return kept.second or "both places are volumes of one host, which may share a disk"


def _state(run: Run, kept: Kept | None) -> str:
    return ((kept.runs.get(run.id) if kept else None) or HALF) if run.is_whole else NOT_WHOLE


def _summed(part: str, told: Mapping[str, Any]) -> str:
    return f"{part} {rounded(told['total_bytes_processed'])}, {rounded(told['data_added_packed'])} of it new"


def _as_json(run: Run, state: str) -> dict[str, Any]:
    snapshots = [
        {"id": each.id, "part": each.part, "time": each.time, "bytes": each.size} for each in run.snapshots
    ]
    return {
        "run": run.id,
        "began": run.began.isoformat(),
        "whole": run.is_whole,
        "state": state,
        "snapshots": snapshots,
    }
