"""Options and help of the commands that reach an engine; what they do is imported when it is called."""

from pathlib import Path
from typing import Annotated

import typer

Stacks = Annotated[
    list[str] | None, typer.Argument(help="Stacks, such as cd or host-local; all when none is named.")
]
NamedStacks = Annotated[list[str] | None, typer.Argument(help="Stacks, such as cd or host-local.")]
Stack = Annotated[str, typer.Argument(help="A stack, such as cd or host-local.")]
Partners = Annotated[list[str] | None, typer.Argument(help="Partners' codes; all when none is named.")]
DeleteData = Annotated[bool, typer.Option("--delete-data", help="Delete the data volumes too.")]

upgrade = typer.Typer(no_args_is_help=True, help="Newer versions of what a partner's site runs on.")
host = typer.Typer(no_args_is_help=True, help="Docker hosts.")
demo = typer.Typer(no_args_is_help=True, help="The demonstration on this machine.")


def up(stacks: Stacks = None) -> None:
    """Bring stacks up, hosts first; make missing secrets and clear what a killed `up` left."""
    from clearinghouse.cli import stacks as noun

    noun.up(stacks or [])


def preview(stacks: Stacks = None) -> None:
    """Say what an `up` would do, and whether anything restarts."""
    from clearinghouse.cli import stacks as noun

    noun.preview(stacks or [])


def down(stacks: NamedStacks = None, delete_data: DeleteData = False) -> None:
    """Take stacks down, partners first; their data volumes stay."""
    from clearinghouse.cli import stacks as noun

    noun.down(stacks or [], is_data_deleted=delete_data)


def secrets(stack: Stack) -> None:
    """Make the secrets that a stack lacks; those it has stay."""
    from clearinghouse.cli import stacks as noun

    noun.make_secrets(stack)


def put(
    partner: Annotated[str, typer.Argument(help="The partner's code.")],
    folder: Annotated[Path, typer.Argument(help="The folder with the site's files.")],
) -> None:
    """Fill a partner's site from a folder; adds and replaces, never deletes."""
    from clearinghouse.cli import sites

    sites.put(partner, folder)


def status(partners: Partners = None) -> None:
    """Say of each partner whether its site serves."""
    from clearinghouse.cli import sites

    sites.show_status(partners or [])


def drill(
    partners: Partners = None,
    due: Annotated[bool, typer.Option("--due", help="Only those whose last one is a week old.")] = False,
) -> None:
    """Try backups: restore the newest one beside the site, serve it, look at it, and keep the evidence."""
    from clearinghouse.cli import drills

    drills.drill(partners or [], is_due=due)


@upgrade.command("database")
def upgrade_database(
    partner: Annotated[str, typer.Argument(help="The partner's code.")],
    back: Annotated[
        bool, typer.Option("--back", help="Go back to the one of before, with its data.")
    ] = False,
) -> None:
    """Take a partner's database to the newest version of its server: rehearsed first, reversible."""
    from clearinghouse.cli import upgrading

    if back:
        upgrading.go_back(partner)
    else:
        upgrading.upgrade_database(partner)


def ca() -> None:
    """Print the root certificate of this installation (PEM)."""
    from clearinghouse.operate.authority import root_certificate

    typer.echo(root_certificate().strip())


@host.command("prepare")
def prepare(name: Annotated[str, typer.Argument(help="The host, as in stacks/hosts/NAME.yaml.")]) -> None:
    """Make a declared Docker engine a host: a swarm node with the base image."""
    from clearinghouse.cli import sites

    sites.prepare(name)


@demo.command("up")
def demo_up() -> None:
    """Bring up the host local and three partners, with a small site in the empty one."""
    from clearinghouse.cli import sites

    sites.demo_up()


@demo.command("down")
def demo_down(delete_data: DeleteData = False) -> None:
    """Take the demonstration down; the data stays."""
    from clearinghouse.cli import sites

    sites.demo_down(is_data_deleted=delete_data)
