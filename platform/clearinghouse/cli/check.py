"""`chm check`: whether all that is declared is well."""

import typer


def check() -> None:
    """Check all partners and hosts; every problem is told with its file, line and column."""
    from clearinghouse.declare.load import declare
    from clearinghouse.errors import Trouble
    from clearinghouse.installation import root

    declaration = declare(root() / "stacks")
    for problem in declaration.problems:
        typer.echo(str(problem))
    if declaration.problems:
        files = len({problem.file for problem in declaration.problems})
        raise Trouble(f"{_counted(len(declaration.problems), 'problem')} in {_counted(files, 'file')}")
    partners, hosts = len(declaration.partners), len(declaration.hosts)
    typer.echo(f"{_counted(partners, 'partner')}, {_counted(hosts, 'host')}: all well")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
