"""Making a backup and showing how it goes; that of the installation also when stacks have changed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import docker
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from clearinghouse.cli.screen import console, step
from clearinghouse.declare.load import Declaration
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate import backups, installation
from clearinghouse.operate.repository import name_of
from clearinghouse.operate.upkeep import Upkeep
from clearinghouse.operate.usage import rounded
from clearinghouse.plan.installation import INSTALLATION
from clearinghouse.plan.plan import Plan

KEPT = "until a drill of a newer backup has passed"
"""How long data stays that other data took over from."""
COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    DownloadColumn(binary_units=True),
    TransferSpeedColumn(),
    TimeRemainingColumn(),
)


def make(client: docker.DockerClient, plan: Plan) -> str:
    """Make a backup at the first place, and show its progress; gives its run."""
    with step(f"back up {title(plan)}") as tell, Progress(*COLUMNS, console=console, transient=True) as bar:
        task = bar.add_task("files", total=None)
        sums: list[str] = []
        run = ""
        for told in run_now(client, plan):
            run = str(told.get("run") or run)
            if told.get("message_type") == "status":
                bar.update(task, completed=told.get("bytes_done", 0), total=told.get("total_bytes"))
            elif told.get("message_type") == "summary":
                sums.append(_summed("database" if sums or "files" not in plan_parts(plan) else "files", told))
                bar.update(task, description="database", completed=0, total=None)
        tell(f"{run}: {', '.join(sums)}")
    return run


def run_now(client: docker.DockerClient, plan: Plan) -> Iterator[Mapping[str, Any]]:
    """Make a backup by whatever makes that of the plan; gives what it tells on the way."""
    is_own = name_of(plan) == INSTALLATION
    return (installation.run_now if is_own else backups.run_now)(client, plan)


def plan_parts(plan: Plan) -> tuple[str, ...]:
    """The parts that a run of a partner's backup has."""
    env = next((c.env for c in plan.containers if c.role == "backup"), {})
    has = {"files": env.get("BACKUP_PATHS"), "database": env.get("BACKUP_DATABASE")}
    return tuple(part for part, wanted in has.items() if wanted)


def title(plan: Plan) -> str:
    """What a plan's backups are called, for people."""
    return plan.owner if name_of(plan) == plan.owner else f"the {INSTALLATION} on host {plan.host}"


@contextmanager
def saved_afterwards(declaration: Declaration) -> Iterator[None]:
    """Back up the installation on each host that is up, when what is done has changed anything.

    Raises:
        Trouble: it could not be backed up everywhere; what was done stays as it is.
    """
    try:
        yield
    except Exception:
        for sentence in _save(declaration):
            console.print(f"[red]{escape(sentence)}[/red]")
        raise
    if troubles := list(_save(declaration)):
        raise Trouble("\n".join(troubles), exit_code=NOT_WELL)


def _save(declaration: Declaration) -> Iterator[str]:
    found = installation.files()
    for client, plan in installation.places(declaration):
        if installation.is_saved(plan.host, found):
            continue
        try:
            make(client, plan)
            # The second place takes its time; nobody waits for it here.
            Upkeep(client, plan.host).begin_care(plan.owner)
        except Trouble as trouble:
            yield f"what is done was not backed up, repeat `chm backup now {INSTALLATION}`: {trouble}"


def _summed(part: str, told: Mapping[str, Any]) -> str:
    return f"{part} {rounded(told['total_bytes_processed'])}, {rounded(told['data_added_packed'])} of it new"
