"""The command `chm`: what Pulumi does not do. One module a noun; heavy imports wait within the commands."""

import typer

from clearinghouse.cli import audit, backup, check, commands, escrow, schema, site
from clearinghouse.errors import COULD_NOT_FIND_OUT, Trouble

_ENGINES = ("docker", "requests", "urllib3")
"""Whose exceptions are of an engine; they are imported where one is asked."""
app = typer.Typer(
    name="chm",
    help="Hosts the national clearing-house websites of partner countries.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("check")(check.check)
app.command("schema")(schema.schema)
for command in (
    commands.secrets,
    commands.preview,
    commands.up,
    commands.down,
    commands.put,
    commands.status,
    commands.ca,
):
    app.command(command.__name__)(command)
app.add_typer(commands.host, name="host")
app.add_typer(site.app, name="site")
app.add_typer(backup.app, name="backup")
app.add_typer(audit.app, name="audit")
app.command("restore")(backup.restore)
app.command("drill")(commands.drill)
app.add_typer(commands.upgrade, name="upgrade")
app.add_typer(escrow.app, name="escrow")
app.add_typer(commands.demo, name="demo")


@app.callback()
def _many_commands() -> None:
    """Hosts the national clearing-house websites of partner countries."""


def run() -> None:
    """Run `chm`; an expected failure is one red line, and its exit code says of which kind it is."""
    try:
        app()
    except Trouble as trouble:
        typer.secho(str(trouble), fg=typer.colors.RED, err=True)
        raise SystemExit(trouble.exit_code) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _ENGINES:
            raise
        typer.secho(f"a host's engine did not do what it was asked: {error}", fg=typer.colors.RED, err=True)
        raise SystemExit(COULD_NOT_FIND_OUT) from None


if __name__ == "__main__":
    run()
