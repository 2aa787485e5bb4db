"""What `chm upgrade database` does, and how it shows it."""

import time

import docker
from rich.progress import Progress

from clearinghouse.cli import saving, stacks
from clearinghouse.cli.drills import tried
from clearinghouse.cli.saving import COLUMNS, KEPT, saved_afterwards
from clearinghouse.cli.screen import console, duration, step
from clearinghouse.declare.load import Declaration
from clearinghouse.engine import connect
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate import backups, upgrading
from clearinghouse.operate.in_place import InPlace, Wanted
from clearinghouse.operate.repository import Repository
from clearinghouse.operate.writers import paused
from clearinghouse.plan.database import title


def upgrade_database(code: str) -> None:
    """Take a partner's database to the newest server of its kind, by a dump, once that was rehearsed."""
    declaration = stacks.declared()
    _, host, plan = stacks.site_of(declaration, code)
    data, server = upgrading.data_of(plan), upgrading.newest(plan)
    client = connect(host)
    work = InPlace(client, declaration, code, where="first")
    with work.alone(), saved_afterwards(declaration):
        saving.make(client, plan)
        _rehearse(client, declaration, code, server)
        began = time.monotonic()
        with paused(client, plan.owner):
            _go_over(client, work, data, server)
        console.print(f"nobody could write for {duration(time.monotonic() - began)}", markup=False)
        _tell_kept(work, f"`chm upgrade database {code} --back` goes back to it")
        saving.make(client, stacks.site_of(declaration, code)[2])


def go_back(code: str) -> None:
    """Let a partner's site use its database of before the upgrade again."""
    declaration = stacks.declared()
    _, host, plan = stacks.site_of(declaration, code)
    upgrading.data_of(plan)
    client = connect(host)
    volume, server = upgrading.before(client, plan)
    work = InPlace(client, declaration, code, where="first")
    with work.alone(), saved_afterwards(declaration):
        with paused(client, plan.owner):
            run = saving.make(client, plan)
            with step(f"let {code} use {volume.name} with {title(server)} again") as tell:
                tell(work.take_over(work.planned({volume.role: volume.generation}, server)))
        console.print(
            f"the site has its data of before the upgrade; what was written since is in the backup {run}",
            markup=False,
        )
        # The newest backup is of what the site has.
        saving.make(client, stacks.site_of(declaration, code)[2])


def _rehearse(client: docker.DockerClient, declaration: Declaration, code: str, server: str) -> None:
    with step(f"rehearse with {title(server)}") as tell:
        found = tried(client, declaration, code, where="first", database=server)
        if not found.has_passed:
            raise Trouble(
                f"stack {code}: its site does not work with {title(server)}: {found.fault}; it is as it was",
                exit_code=NOT_WELL,
            )
        tell(f"it serves, and all {len(found.assertions)} assertions hold")


def _go_over(client: docker.DockerClient, work: InPlace, data: Wanted, server: str) -> None:
    """From a backup that was made while nobody writes, so that nothing is left behind."""
    code = work.plan.stack
    run = saving.make(client, work.plan)
    place = Repository(client, work.plan)
    with (
        step(f"load it into {title(server)}") as tell,
        Progress(*COLUMNS, console=console, transient=True) as bar,
    ):
        task = bar.add_task("dump", total=None)
        filled, plan = work.fill(
            backups.chosen(backups.runs(place), run, code),
            place,
            data,
            lambda part, done, total: bar.update(task, description=part, completed=done, total=total or None),
            database=server,
        )
        tell(f"{len(filled.found)} tables, {filled.rows} rows; all as in the dump")
    with step(f"let {code} use it") as tell:
        tell(work.take_over(plan))


def _tell_kept(work: InPlace, how: str) -> None:
    (before,) = (volume for volume in work.plan.volumes if volume.role == "database")
    console.print(f"what was there stays in {before.name}, {KEPT}; {how}", markup=False)
