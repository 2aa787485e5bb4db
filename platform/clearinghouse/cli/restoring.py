"""What `chm restore --in-place` does, and how it shows it."""

import docker
from rich.markup import escape
from rich.progress import Progress

from clearinghouse.cli import stacks
from clearinghouse.cli.saving import COLUMNS, KEPT, saved_afterwards
from clearinghouse.cli.screen import console, step
from clearinghouse.engine import connect
from clearinghouse.errors import Trouble
from clearinghouse.operate import backups
from clearinghouse.operate.in_place import InPlace, Wanted, wanted
from clearinghouse.operate.repository import Copy, Readable, Repository
from clearinghouse.operate.upkeep import Upkeep
from clearinghouse.operate.usage import rounded
from clearinghouse.plan.installation import INSTALLATION
from clearinghouse.plan.plan import Plan
from clearinghouse.upkeep.runs import Run


def in_place(code: str, *, at: str | None, path: str | None, is_second: bool) -> None:
    """Restore a partner's site where it is; what was there is kept, or one path takes its place."""
    if code == INSTALLATION:
        raise Trouble(
            f"the {INSTALLATION} is restored into a folder: --into FOLDER, as docs/guides/disaster.md says"
        )
    declaration = stacks.declared()
    _, host, plan = stacks.site_of(declaration, code)
    client = connect(host)
    what = wanted(plan, path)
    place = Copy(Upkeep(client, plan.host), code) if is_second else Repository(client, plan)
    run = backups.chosen(backups.runs(place), at, code)
    work = InPlace(client, declaration, code, where="second" if is_second else "first")
    with work.alone():
        _save(client, plan, is_kept=what.within is None)
        if what.within:
            _put_back(work, run, place, what)
        else:
            with saved_afterwards(declaration):
                _renew(work, run, place, what)


def _save(client: docker.DockerClient, plan: Plan, *, is_kept: bool) -> None:
    """A site that is broken may not be to be backed up; which is no hindrance where its volumes are kept."""
    try:
        with step(f"save what {plan.stack} has now") as tell:
            for told in backups.run_now(client, plan, is_before_restore=is_kept):
                tell(str(told.get("run", "done")))
    except Trouble as trouble:
        if not is_kept:
            raise
        console.print(f"[yellow]![/yellow] {escape(str(trouble))}")


def _put_back(work: InPlace, run: Run, place: Readable, what: Wanted) -> None:
    with step(f"put {what.path} back as of {run.id}") as tell:
        share = work.put_back(run, place, what)
        tell(f"{share.files} file{'s' if share.files != 1 else ''}, {rounded(share.size)}")


def _renew(work: InPlace, run: Run, place: Readable, what: Wanted) -> None:
    code = work.plan.stack
    with (
        step(f"restore {run.id} of {code} into new volumes") as tell,
        Progress(*COLUMNS, console=console, transient=True) as bar,
    ):
        task = bar.add_task("files", total=None)
        filled, plan = work.fill(
            run,
            place,
            what,
            lambda part, done, total: bar.update(task, description=part, completed=done, total=total or None),
        )
        parts = [f"{filled.files.files} files, {rounded(filled.files.size)}"] if filled.files.files else []
        parts += [f"{len(filled.found)} tables, {filled.rows} rows"] if filled.found else []
        tell(f"{', '.join(parts)}; all of it read back, and as in the backup")
    with step(f"let {code} use them") as tell:
        tell(work.take_over(plan))
    kept = [each.name for each in work.plan.volumes if each not in plan.volumes]
    console.print(f"what was there stays in {', '.join(kept)}, {KEPT}", markup=False)
