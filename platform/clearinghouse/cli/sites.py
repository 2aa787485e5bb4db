"""`chm put`, `chm status`, `chm demo`: partners' sites."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from clearinghouse.cli import stacks as stacks_cli
from clearinghouse.cli.screen import console, step
from clearinghouse.declare.load import Declaration
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate import demo, installation
from clearinghouse.operate.access import way_in
from clearinghouse.operate.prepare import prepare_host
from clearinghouse.operate.put import collect
from clearinghouse.operate.put import put as put_entries
from clearinghouse.operate.stacks import plan_of, strays
from clearinghouse.operate.status import Status, installation_status, status

_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())

_AT_A_TIME = 8
_LONGEST_TIER = len("standard-site")


def put(code: str, folder: Path) -> None:
    """Put a folder's files into a partner's site."""
    partner, host, plan = stacks_cli.site_of(stacks_cli.declared(), code)
    entries = collect(folder)
    with (
        step(f"put {folder} into {code}") as told,
        Progress(*_COLUMNS, console=console, transient=True) as bar,
    ):
        task = bar.add_task("files", total=len(entries))
        for done in put_entries(partner, host, plan, entries):
            bar.update(task, completed=done)
        told(f"{len(entries)} files and folders; what was there beside them stays")


def show_status(codes: list[str]) -> None:
    """Show how sites are; exit code 1 when one does not serve."""
    declaration = stacks_cli.declared()
    for code in codes:
        stacks_cli.site_of(declaration, code)
    found = _statuses(declaration, codes or list(declaration.partners))
    _show(found)
    for code in codes:
        _show_way_in(declaration, code)
    _show_usage(found, is_one=len(codes) == 1)
    wrong = {str(problem.file) for problem in declaration.problems} if not codes else set()
    for file in sorted(wrong):
        console.print(f"[red]{file} is wrong; `chm check` says where[/red]")
    for stray in [] if codes else strays(declaration):
        console.print(f"[red]{stray}[/red]")
    is_saved = bool(codes) or _show_installation(declaration)
    ill = len(wrong) + sum(not each.is_well for each in found)
    if ill:
        verb = "is" if ill == 1 else "are"
        raise Trouble(f"{ill} of {len(found) + len(wrong)} sites {verb} not well", exit_code=NOT_WELL)
    if not is_saved:
        raise Trouble("the backups of the installation are not well", exit_code=NOT_WELL)


def prepare(name: str) -> None:
    """Prepare a declared Docker engine as a host."""
    _, host = plan_of(stacks_cli.declared(), f"host-{name}")
    for line in prepare_host(host):
        console.print(f"[green]✓[/green] host {name}: {line}")


def demo_up() -> None:
    """Bring the demonstration's host and partners up on this machine, and show them."""
    declaration = stacks_cli.declared()
    prepare(demo.HOST)
    stacks_cli.up(demo.stacks())
    for code in demo.sites():
        count = demo.fill_empty(declaration, code)
        if count:
            console.print(f"[green]✓[/green] put the demonstration site of {code}: {count} files and folders")
    show_status(list(demo.PARTNERS))
    console.print(
        "\nBrowsers find these addresses by themselves, and ask about the certificates once."
        "\nNext: `. ./activate`, then `chm --help`; `chm ca > root.crt` gives the root certificate to trust."
    )


def demo_down(*, is_data_deleted: bool) -> None:
    """Take the demonstration down, and nothing else."""
    stacks_cli.down(demo.stacks(), is_data_deleted=is_data_deleted)


def _show_installation(declaration: Declaration) -> bool:
    """How old the installation's own backups are; gives whether they are well."""
    is_well = True
    for client, plan in installation.places(declaration):
        text, fault = installation_status(client, plan)
        colour = "red" if fault else "green"
        console.print(f"installation, on {plan.host}: [{colour}]{escape(fault or text)}[/{colour}]")
        is_well = is_well and fault is None
    return is_well


def _statuses(declaration: Declaration, codes: list[str]) -> list[Status]:
    with console.status("asking the sites …"):
        partners = [declaration.partners[code] for code in codes]
        hosts = [declaration.hosts[partner.host] for partner in partners]
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            return list(pool.map(status, partners, hosts))


def _show_usage(found: list[Status], *, is_one: bool) -> None:
    """What each should know; and of one that was asked about by name, all amounts."""
    for each in found:
        if each.unsaved:
            console.print(f"[red]{each.partner}: {escape(each.unsaved)}[/red]")
        for note in each.usage.notes if each.usage else ():
            console.print(f"[yellow]{each.partner}: {note}[/yellow]")
        if is_one and each.usage and each.usage.summary:
            console.print(f"{each.partner}: {each.usage.summary}")


def _show(found: list[Status]) -> None:
    table = Table(
        "partner",
        Column("tier", no_wrap=True, min_width=_LONGEST_TIER),
        Column("address", no_wrap=True, overflow="ignore"),
        "backup",
        Column("state", overflow="fold"),
    )
    for each in found:
        colour = "green" if each.is_well else "red"
        table.add_row(
            each.partner, each.tier, each.address, each.backup, f"[{colour}]{each.state}[/{colour}]"
        )
    console.print(table)


def _show_way_in(declaration: Declaration, code: str) -> None:
    partner = declaration.partners[code]
    way = way_in(partner, declaration.hosts[partner.host])
    if way:
        console.print(
            f"webmasters of {code}: {', '.join(each.name for each in partner.webmasters)}", markup=False
        )
        console.print(f"  {way.sftp}\n  {way.rsync}", markup=False)
        console.print(
            f"  host key (ED25519): {way.fingerprint or 'not known, access does not run'}", markup=False
        )
