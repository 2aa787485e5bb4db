"""`chm audit`: options and help; what it does is imported when it is called."""

from typing import Annotated

import typer

from clearinghouse.cli.commands import Partners

app = typer.Typer(no_args_is_help=True, help="What is declared, held against what is there.")

Json = Annotated[bool, typer.Option("--json", help="JSON, one line a partner.")]


@app.callback()
def _many_commands() -> None:
    """What is declared, held against what is there."""


@app.command()
def coverage(partners: Partners = None, json: Json = False) -> None:
    """Say of each partner whether all of its data is backed up; exit code 1 when anything is missing."""
    from clearinghouse.cli import audits

    audits.show_coverage(partners or [], is_json=json)
