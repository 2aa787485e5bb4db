"""What `chm drill` does, and how it shows it."""

import docker
from rich.progress import Progress

from clearinghouse.cli import stacks
from clearinghouse.cli.saving import COLUMNS, saved_afterwards
from clearinghouse.cli.screen import console, duration, step
from clearinghouse.declare.load import Declaration
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import connect
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.installation import root
from clearinghouse.operate import evidence
from clearinghouse.operate.drill import Drill, has_backup
from clearinghouse.operate.evidence import Evidence
from clearinghouse.operate.filling import Where
from clearinghouse.operate.generations import remove
from clearinghouse.provision.generations import in_use_since, older


def drill(codes: list[str], *, is_due: bool) -> None:
    """Try the backups of partners; exit code 1 when one of them cannot be shown to work."""
    declaration = stacks.declared()
    for code in codes:
        stacks.site_of(declaration, code)
    named = [declaration.partners[code] for code in codes or declaration.partners]
    wanted = [each.partner for each in named if not is_due or _is_due(declaration, each)]
    if not wanted:
        console.print("no drill is due")
        return
    with saved_afterwards(declaration):
        troubles = [trouble for code in wanted if (trouble := _drill(declaration, code))]
        if troubles:
            raise Trouble("\n".join(troubles), exit_code=NOT_WELL)


def _is_due(declaration: Declaration, partner: Partner) -> bool:
    """Before there is a backup, there is nothing to try; that there is none is told by `chm status`."""
    return evidence.is_due(partner) and has_backup(partner, declaration.hosts[partner.host])


def _drill(declaration: Declaration, code: str) -> str:
    """What is wrong with the backup, in one sentence; nothing where it can be restored."""
    _, host, plan = stacks.site_of(declaration, code)
    client = connect(host)
    try:
        with step(f"drill {code}") as tell:
            found = tried(client, declaration, code, where=_where(code))
            page = evidence.keep(found, declaration.partners[code].name).relative_to(root())
            if not found.has_passed:
                raise Trouble(f"{code}: its backup could not be shown to work: {found.fault} ({page})")
            tell(_told(found))
    except Trouble as trouble:
        return str(trouble)
    console.print(f"  evidence: {page}", markup=False)
    # What was replaced goes when a backup of what replaced it was shown to work.
    before = older(client, plan)
    if before and found.run_began and found.run_began > in_use_since(client, plan):
        remove(client, plan, before)
        console.print(f"  removed {', '.join(each.name for each in before)}, kept until now", markup=False)
    return ""


def tried(
    client: docker.DockerClient, declaration: Declaration, code: str, *, where: Where, database: str = ""
) -> Evidence:
    """Try a partner's newest backup, and show how it goes.

    Args:
        database: the server that its data is tried with; the one that it is of where none is named.
    """
    with Progress(*COLUMNS, console=console, transient=True) as bar:
        task = bar.add_task("restore", total=None)

        def tell(part: str, done: int, total: int) -> None:
            bar.update(task, description=part, completed=done, total=total or None)

        return Drill(client, declaration, code, where=where, tell=tell, database=database).run()


def _where(code: str) -> Where:
    """The two places in turn."""
    last = evidence.newest(code)
    return "second" if last and last.place == "first" else "first"


def _told(found: Evidence) -> str:
    return (
        f"{found.run} of the {found.place} place served after {duration(found.recovery)};"
        f" all {len(found.assertions)} assertions hold"
    )
