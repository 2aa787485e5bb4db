"""`chm check`: whether all that is declared is well."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from clearinghouse.declare.load import Declaration
    from clearinghouse.declare.problem import Problem


def check() -> None:
    """Check all partners, hosts and sites' texts; every problem is told with its file, line and column."""
    from clearinghouse.declare.load import declare
    from clearinghouse.errors import Trouble
    from clearinghouse.installation import root

    stacks = root() / "stacks"
    declaration = declare(stacks)
    problems = [*declaration.problems, *_of_sites(declaration, stacks), *_of_backups(declaration)]
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        files = len({problem.file for problem in problems})
        raise Trouble(f"{_counted(len(problems), 'problem')} in {_counted(files, 'file')}")
    partners, hosts = len(declaration.partners), len(declaration.hosts)
    typer.echo(f"{_counted(partners, 'partner')}, {_counted(hosts, 'host')}: all well")


def _of_sites(declaration: "Declaration", stacks: Path) -> "Iterator[Problem]":
    """What is wrong in the information of partners whose sites the platform builds."""
    built = [partner for partner in declaration.partners.values() if partner.tier == "standard-site"]
    if built:
        from clearinghouse.site.check import check as look
        from clearinghouse.site.day import today

        for partner in built:
            yield from look(stacks / partner.partner, partner, today()).problems


def _of_backups(declaration: "Declaration") -> "Iterator[Problem]":
    """Data volumes that no backup has and no reason is declared for."""
    from clearinghouse.declare.problem import Problem
    from clearinghouse.plan.backup import uncovered
    from clearinghouse.plan.planner import plan_partner

    for code, partner in declaration.partners.items():
        if partner.host in declaration.hosts:
            plan = plan_partner(partner, declaration.hosts[partner.host])
            for volume in uncovered(plan, partner):
                should = f"the volume {volume.name} should be backed up, or be excluded with a reason"
                yield Problem(Path(f"stacks/{code}.yaml"), 1, 1, "backup", should)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
