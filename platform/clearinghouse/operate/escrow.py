"""The paper kit: what rebuilds the installation from a second place when all machines are lost."""

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from clearinghouse.declare.host import Host
from clearinghouse.errors import Trouble
from clearinghouse.installation import name, root
from clearinghouse.operate import pulumi
from clearinghouse.plan.installation import PASSWORD, owner
from clearinghouse.plan.upkeep import ACCESS
from clearinghouse.upkeep.restic import NONE, WRONG_PASSWORD, Restic, ResticFailed
from clearinghouse.upkeep.runs import runs_in

PASSPHRASE, RESTIC_PASSWORD, REPOSITORY, AUTHORITY = (
    "PULUMI_CONFIG_PASSPHRASE",
    "RESTIC_PASSWORD",
    "RESTIC_REPOSITORY",
    "RESTIC_CACERT",
)
GUIDE = "docs/guides/disaster.md"
_LINE = re.compile(r"\s*([A-Z][A-Z0-9_]*)=(.*)")
_PEM = re.compile(r"-----(BEGIN|END) CERTIFICATE-----")


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """A second place away from its host.

    Attributes:
        variables: those by which restic finds it and gets in.
        authority: that its certificate is from (PEM); empty for a publicly known one.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    authority: str = ""

    @property
    def host(self) -> str:
        """Whose second place it is."""
        return self.repository.rpartition(f"/{owner('')}")[2]

    @property
    def repository(self) -> str:
        """Where the installation's copies are."""
        return self.variables.get(REPOSITORY, "")


@dataclass(frozen=True, slots=True)
class Kit:
    """All that is on the paper.

    Attributes:
        passphrase: opens the secrets of all stacks.
        password: opens the installation's backups.
        places: the second place of each host that has one elsewhere.
    """

    passphrase: str
    password: str
    places: tuple[SecondPlace, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one value of a kit does what it should, and what of it."""

    is_well: bool
    text: str


def kit(hosts: Iterable[Host]) -> Kit:
    """What is to be on the paper now.

    Raises:
        Trouble: one of the values is not there yet.
    """
    hosts = list(hosts)
    elsewhere = [host for host in hosts if host.second_place]
    return Kit(_passphrase(), _password(hosts), tuple(_second_place(host) for host in elsewhere))


def sheet(printed: Kit) -> str:
    """The kit for people, and for `read`: its values are lines that a shell takes too."""
    parts = [
        f"Paper kit of the clearing-house installation {name()}, printed on {date.today()}.\n"
        "Put it into a safe, away from every host, and keep it in no computer. When all machines are lost,\n"
        f"begin with {GUIDE} in a checkout of the project.",
        _section(
            "The passphrase: it opens the secrets in stacks/ and in Pulumi's state.",
            {PASSPHRASE: printed.passphrase},
        ),
        _section(
            "The password of the installation's backups, on every host and at every second place.",
            {RESTIC_PASSWORD: printed.password},
        ),
    ]
    for place in printed.places:
        parts.append(
            _section(f"The second place of the host {place.host}, and what lets in there.", place.variables)
        )
        if place.authority:
            parts.append(
                f"The file {place.variables[AUTHORITY]}: the authority that its certificate is from.\n"
            )
            parts[-1] += "".join(f"\n    {line}" for line in place.authority.splitlines())
    return "\n\n".join(parts)


def read(lines: Iterable[str]) -> Kit:
    """A kit from the lines of its sheet, or those of them that a person typed."""
    common: dict[str, str] = {}
    places: list[tuple[dict[str, str], list[str]]] = []
    is_pem = False
    for line in lines:
        if edge := _PEM.search(line):
            is_pem = edge[1] == "BEGIN"
        if (edge or is_pem) and places:
            places[-1][1].append(line.strip())
        elif found := _LINE.fullmatch(line.rstrip("\n")):
            if found[1] == REPOSITORY:
                places.append(({}, []))
            into = common if found[1] in (PASSPHRASE, RESTIC_PASSWORD) or not places else places[-1][0]
            into[found[1]] = _unquoted(found[2])
    return Kit(
        common.get(PASSPHRASE, ""),
        common.get(RESTIC_PASSWORD, ""),
        tuple(SecondPlace(variables, "".join(f"{line}\n" for line in pem)) for variables, pem in places),
    )


def verdicts(given: Kit, hosts: Iterable[Host]) -> Iterator[Verdict]:
    """Whether each value of a kit opens what it should, by trying."""
    hosts = list(hosts)
    missing = [
        key for key, value in ((PASSPHRASE, given.passphrase), (RESTIC_PASSWORD, given.password)) if not value
    ]
    if missing:
        yield from (Verdict(False, f"the kit has no line {key}=…") for key in missing)
        return
    for file in _with_secrets():
        is_open = pulumi.opens(file.name.removeprefix("Pulumi.").removesuffix(".yaml"), given.passphrase)
        yield Verdict(is_open, f"the passphrase {_opens(is_open)} the secrets of stacks/{file.name}")
    is_right = given.password == _password(hosts)
    yield Verdict(
        is_right, f"the password {'is' if is_right else 'is not'} that of the installation's backups"
    )
    for place in given.places:
        yield from _tried(place, given.password)
    for host in hosts:
        wanted = _address(host)
        if wanted and wanted not in {place.repository for place in given.places}:
            yield Verdict(False, f"the second place of host {host.host}, {wanted}, is not in the kit")


def _with_secrets() -> Iterator[Path]:
    """The configurations that a passphrase is needed for."""
    for file in sorted((root() / "stacks").glob("Pulumi.*.yaml")):
        if "encryptionsalt:" in file.read_text():
            yield file


def _tried(place: SecondPlace, password: str) -> Iterator[Verdict]:
    """From here, with nothing but the kit, as when all else is lost."""
    where = place.repository
    with _in_memory(password) as password_file, _in_memory(place.authority) as authority:
        trusted = {AUTHORITY: authority} if place.authority else {}
        restic = Restic(where, password_file, {**place.variables, **trusted})
        try:
            whole = [run for run in runs_in(restic.snapshots(), datetime.now(UTC)) if run.is_whole]
        except ResticFailed as failed:
            why = str(failed).splitlines()[0]
            if failed.code not in (NONE, WRONG_PASSWORD):
                yield Verdict(False, f"the access does not get into {where} ({why})")
                return
            yield Verdict(True, f"the access gets into {where}")
            yield Verdict(False, f"the password does not open {where} ({why})")
            return
    yield Verdict(True, f"the access gets into {where}")
    newest = (
        f"the newest backup there is of {whole[0].began:%Y-%m-%d %H:%M} UTC" if whole else "it has no backup"
    )
    yield Verdict(bool(whole), f"the password opens {where}; {newest}")


@contextmanager
def _in_memory(text: str) -> Iterator[str]:
    """A file that is on no disk, by a name that restic can open."""
    number = os.memfd_create("kit")
    try:
        os.write(number, text.encode())
        yield f"/proc/{os.getpid()}/fd/{number}"
    finally:
        os.close(number)


def _passphrase() -> str:
    if (text := os.environ.get(PASSPHRASE)) is not None:
        return text
    file = Path(os.environ.get(f"{PASSPHRASE}_FILE", root() / ".state/passphrase"))
    if not file.exists():
        raise Trouble(f"{file}: the passphrase should be there; put it back, or set {PASSPHRASE}")
    return file.read_text().strip()


def _password(hosts: Iterable[Host]) -> str:
    for host in hosts:
        if PASSWORD.name in pulumi.configuration(stack := f"host-{host.host}"):
            return pulumi.get_config(stack, PASSWORD.name)
    raise Trouble(f"no host has the secret {PASSWORD.name} yet; `chm up host-NAME` makes it")


def _address(host: Host) -> str:
    return f"{host.second_place.repository.rstrip('/')}/{owner(host.host)}" if host.second_place else ""


def _second_place(host: Host) -> SecondPlace:
    stack = f"host-{host.host}"
    if ACCESS.name not in pulumi.configuration(stack):
        raise Trouble(f"stack {stack} has no secret {ACCESS.name}; `chm up {stack}` says how it is given")
    lines = pulumi.get_config(stack, ACCESS.name).splitlines()
    access = dict(line.split("=", 1) for line in lines if "=" in line)
    authority = (host.second_place.authority if host.second_place else None) or ""
    trusted = {AUTHORITY: f"second-{host.host}.pem"} if authority else {}
    return SecondPlace({REPOSITORY: _address(host), **access, **trusted}, authority)


def _section(title: str, variables: Mapping[str, str]) -> str:
    return f"{title}\n" + "".join(f"\n    {key}={shlex.quote(value)}" for key, value in variables.items())


def _unquoted(text: str) -> str:
    """As a shell reads it; what a person typed without quotes as it is."""
    try:
        words = shlex.split(text)
    except ValueError:
        return text.strip()
    return words[0] if len(words) == 1 else text.strip()


def _opens(is_open: bool) -> str:
    return "opens" if is_open else "does not open"
