"""Reads all that is declared: frozen values, and every problem of every file at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from clearinghouse.declare.file import File, misnamed, names_in, read
from clearinghouse.declare.host import Host
from clearinghouse.declare.neighbours import Found, between_hosts, between_partners
from clearinghouse.declare.partner import Partner
from clearinghouse.declare.problem import Finding, Problem, in_order
from clearinghouse.declare.rules import in_host, in_partner
from clearinghouse.declare.should import meant
from clearinghouse.errors import Trouble

Declared = TypeVar("Declared", Partner, Host)


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that is declared: what is well, by the name of its file, and what is wrong."""

    partners: Mapping[str, Partner]
    hosts: Mapping[str, Host]
    problems: tuple[Problem, ...]


def declare(stacks: Path) -> Declaration:
    """Read every partner and every host.

    Args:
        stacks: the folder stacks/ of an installation.

    Returns:
        The values of files without a problem, and all problems in order of file and line.

    Raises:
        Trouble: the folder is not there or cannot be listed.
    """
    partners = _read_all(stacks, Path(stacks.name), Partner)
    hosts = _read_all(stacks / "hosts", Path(stacks.name, "hosts"), Host)
    drafts = {name: file.draft for name, file in hosts.items()}
    partner_drafts = {name: file.draft for name, file in partners.items() if file.draft}
    problems = in_order(
        [
            *_alone(partners, in_partner),
            *_alone(hosts, in_host),
            *_together(partners, between_partners(partner_drafts, drafts)),
            *_together(hosts, between_hosts(drafts)),
            *misnamed(stacks, Path(stacks.name)),
            *misnamed(stacks / "hosts", Path(stacks.name, "hosts")),
        ]
    )
    bad = {problem.file for problem in problems}
    return Declaration(_well(partners, bad), _well(hosts, bad), problems)


def partner(stacks: Path, code: str) -> Partner:
    """One partner.

    Raises:
        Trouble: it is not declared, or its file has problems (all are told).
    """
    declaration = declare(stacks)
    return _one(declaration.partners, code, Path(stacks.name), declaration.problems)


def host(stacks: Path, name: str) -> Host:
    """One host.

    Raises:
        Trouble: it is not declared, or its file has problems (all are told).
    """
    declaration = declare(stacks)
    return _one(declaration.hosts, name, Path(stacks.name, "hosts"), declaration.problems)


def _read_all(folder: Path, shown: Path, model: type[Declared]) -> dict[str, File[Declared]]:
    return {name: read(folder / f"{name}.yaml", shown / f"{name}.yaml", model) for name in names_in(folder)}


def _alone(
    files: Mapping[str, File[Declared]], rules: Callable[[Declared, str], Iterator[Finding]]
) -> Iterator[Problem]:
    for name, file in files.items():
        for finding in file.findings:
            yield file.problem(finding)
        if file.draft:
            yield from file.problems(rules(file.draft, name))


def _together(files: Mapping[str, File[Declared]], found: Found) -> Iterator[Problem]:
    for name, finding in found:
        yield from files[name].problems([finding])


def _well(files: Mapping[str, File[Declared]], bad: set[Path]) -> dict[str, Declared]:
    return {name: file.value for name, file in files.items() if file.value and file.path not in bad}


def _one(values: Mapping[str, Declared], name: str, folder: Path, problems: tuple[Problem, ...]) -> Declared:
    if name in values:
        return values[name]
    file = folder / f"{name}.yaml"
    own = [str(problem) for problem in problems if problem.file == file]
    if own:
        raise Trouble("\n".join(own))
    hint = meant(name, tuple(values))
    raise Trouble(f"{file} is not there{f' ({hint})' if hint else ''}: declare it, or name another stack")
