"""`chm escrow`: the paper kit, printed and tried."""

import sys

import typer

app = typer.Typer(help="The paper kit that rebuilds the installation when all machines are lost.")


@app.callback(invoke_without_command=True)
def escrow(context: typer.Context) -> None:
    """Print the paper kit: the passphrase, the password of the installation's backups, the second places."""
    if context.invoked_subcommand is None:
        _show()


@app.command()
def check() -> None:
    """Take a kit from standard input, and say of each value whether it opens what it should."""
    from clearinghouse.cli import stacks
    from clearinghouse.errors import NOT_WELL, Trouble
    from clearinghouse.operate.escrow import read, verdicts

    if sys.stdin.isatty():
        typer.echo("Type the lines of the paper that have a `=`, and certificates; Ctrl-D ends.", err=True)
    hosts = stacks.declared().hosts.values()
    wrong = 0
    for verdict in verdicts(read(sys.stdin), hosts):
        sign, colour = ("✓", typer.colors.GREEN) if verdict.is_well else ("✗", typer.colors.RED)
        typer.echo(f"{typer.style(sign, fg=colour)} {verdict.text}")
        wrong += not verdict.is_well
    _warn()
    if wrong:
        raise Trouble(
            "the kit does not open all that it should; `chm escrow` prints another", exit_code=NOT_WELL
        )


def _show() -> None:
    from clearinghouse.cli import stacks
    from clearinghouse.operate.escrow import kit, sheet

    typer.echo(sheet(kit(stacks.declared().hosts.values())))
    _warn()


def _warn() -> None:
    from clearinghouse.cli import stacks

    lacking = [host.host for host in stacks.declared().hosts.values() if not host.second_place]
    if lacking:
        text = (
            f"no kit rebuilds {', '.join(lacking)}: both places are on the host itself; `second_place:` in"
            f" stacks/hosts/{lacking[0]}.yaml names one elsewhere"
        )
        typer.secho(text, fg=typer.colors.YELLOW, err=True)
