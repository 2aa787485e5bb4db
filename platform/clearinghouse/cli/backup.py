"""`chm backup` and `chm restore`: options and help; what they do is imported when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from clearinghouse.errors import Trouble

app = typer.Typer(no_args_is_help=True, help="Backups of partners' data, and of the installation itself.")

Partner = Annotated[str, typer.Argument(help="The partner's code, or `installation`.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one line a run.")]
Data = Annotated[bool, typer.Option("--data", help="Read and compare all data too, which takes its time.")]
Into = Annotated[
    Path | None, typer.Option("--into", help="A folder of this machine; empty, or not there yet.")
]
InPlace = Annotated[bool, typer.Option("--in-place", help="Where the site is; what is there now is kept.")]
At = Annotated[
    str | None,
    typer.Option("--at", help="A date or moment (UTC), a run or a snapshot; the newest when left out."),
]
Second = Annotated[bool, typer.Option("--second", help="Take it from the second place.")]
Part = Annotated[
    str | None, typer.Option("--path", help="One folder or file, such as /site/index.php or /database.sql.")
]


@app.command()
def now(partner: Partner, json: Json = False) -> None:
    """Make a backup at once; exit code 1 when anything is missing in it."""
    from clearinghouse.cli import backups

    backups.now(partner, is_json=json)


@app.command("list")
def show(partner: Partner, json: Json = False) -> None:
    """List backups, the newest first: when, what, how much."""
    from clearinghouse.cli import backups

    backups.show(partner, is_json=json)


@app.command()
def check(partner: Partner, data: Data = False) -> None:
    """Check that a repository is sound."""
    from clearinghouse.cli import backups

    backups.check(partner, is_data_read=data)


@app.command()
def trust(partner: Partner) -> None:
    """Say that you have looked at what alarmed; until then nothing is forgotten."""
    from clearinghouse.cli import backups

    backups.trust(partner)


@app.command()
def key(partner: Partner) -> None:
    """Make a key that opens a partner's backups, for the partner's own custody; it is shown once."""
    from clearinghouse.cli import backups

    backups.key(partner)


def restore(
    partner: Partner,
    into: Into = None,
    in_place: InPlace = False,
    at: At = None,
    path: Part = None,
    second: Second = False,
) -> None:
    """Restore a partner's files and its database: into a folder of this machine, or in place."""
    from clearinghouse.cli import backups, restoring

    if in_place == (into is not None):
        raise Trouble("say where to restore: --into FOLDER, or --in-place")
    if into is not None:
        backups.restore(partner, into, at=at, path=path, is_second=second)
    else:
        restoring.in_place(partner, at=at, path=path, is_second=second)
