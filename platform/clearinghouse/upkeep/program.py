"""What the upkeep's container is told to do; `obey` has all of it."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from clearinghouse.upkeep import memory as memories
from clearinghouse.upkeep.care import Care, Report
from clearinghouse.upkeep.page import page
from clearinghouse.upkeep.putting_back import put_back
from clearinghouse.upkeep.restic import NONE, Restic, ResticFailed
from clearinghouse.upkeep.retention import Retention
from clearinghouse.upkeep.tally import tally

POLICY = "policy.json"
"""Beside a repository, out of its client's reach: how long its runs are kept."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Folders:
    """Where all that is mounted lies.

    Attributes:
        first: a folder for each partner, with the repository in a folder of the same name.
        second: the second place, where it is a volume.
        memory: what is remembered, and what `chm status` reads.
        secrets: the maintenance key's password; what opens a remote place.
        run: for locks.
    """

    first: Path = Path("/repositories")
    second: Path = Path("/second")
    memory: Path = Path("/memory")
    secrets: Path = Path("/run/secrets")
    run: Path = Path("/run")

    @property
    def password(self) -> str:
        """The file with the maintenance key's password."""
        return str(self.secrets / "maintenance_password")


class Upkeep:
    """The upkeep of all repositories of a host.

    Args:
        folders: where they are.
        remote: the second place, such as `rest:https://backup.example.org/chm`; empty where it is a volume.
        clock: gives the moment (UTC).
    """

    def __init__(self, folders: Folders, remote: str, clock: Callable[[], datetime] = _now) -> None:
        self._folders = folders
        self._clock = clock
        self._remote = remote.rstrip("/")

    def codes(self) -> list[str]:
        """The partners that have a repository here."""
        return sorted(file.parent.name for file in self._folders.first.glob(f"*/{POLICY}"))

    def first(self, code: str) -> Restic:
        """A partner's repository."""
        return Restic(str(self._folders.first / code / code), self._folders.password)

    def second(self, code: str) -> Restic:
        """Its copy."""
        if not self._remote:
            return Restic(str(self._folders.second / code), self._folders.password)
        return Restic(f"{self._remote}/{code}", self._folders.password, self._access())

    def place(self, which: str, code: str) -> Restic:
        """The `first` or the `second` one."""
        return self.first(code) if which == "first" else self.second(code)

    def care(self, code: str, *, is_full: bool = False) -> Report:
        """One round for a partner; what came of it is kept for `tell`.

        Raises:
            OSError: nothing can be kept, as on a full disk.
        """
        with self._alone(code):
            file = self._memory(code)
            care = Care(
                self.first(code),
                self.second(code),
                self._retention(code),
                memories.load(file),
                self._clock(),
                lambda memory: memories.save(memory, file),
            )
            report = self._let_in(code, care.round(is_full=is_full))
            memories.save(care.memory, file)
            memories.write_whole(self._told(code), self.line(code, report))
            return report

    def line(self, code: str, report: Report) -> str:
        """What came of a round, as a line of JSON."""
        told = {"code": code, "at": self._clock().isoformat(timespec="seconds"), "second": self._remote}
        return json.dumps(told | asdict(report))

    def tell(self) -> Iterator[str]:
        """What came of the last round of each partner, a line of JSON each."""
        for code in self.codes():
            if self._told(code).exists():
                yield self._told(code).read_text()

    def trust(self, code: str) -> list[str]:
        """Take what was alarming as looked at; gives the sentences."""
        with self._alone(code):
            if (memory := memories.load(self._memory(code))) is None:
                return []
            texts = memory.trust()
            memories.save(memory, self._memory(code))
        return texts

    def make_place(self, code: str) -> None:
        """Make the folder for a repository and what belongs to it, where it is not there.

        Raises:
            OSError: something else is there, or the disk is full.
        """
        (self._folders.first / code).mkdir(mode=0o700, exist_ok=True)

    def is_made(self, code: str) -> bool:
        """Whether a partner's repository is in its folder."""
        return (self._folders.first / code / code / "config").exists()

    def add_key(self, code: str, password: str) -> None:
        """Let one more password open both places.

        Raises:
            ResticFailed: a place cannot be opened, or there is no copy yet.
        """
        with self._alone(code):
            if not self.second(code).exists():
                raise ResticFailed(f"there is no copy yet; `chm backup now {code}` makes one", NONE)
            file = self._folders.run / f"{code}.key"
            file.touch(mode=0o600)
            try:
                file.write_text(password)
                for place in (self.first(code), self.second(code)):
                    place.run("key", "add", "--new-password-file", str(file), "--host", "escrow")
            finally:
                file.unlink()

    def _let_in(self, code: str, report: Report) -> Report:
        """Let whoever holds a password on paper into a copy that was made without it."""
        file = self._folders.secrets / f"{code}_password"
        if not file.exists() or report.faults:
            return report
        second = self.second(code)
        try:
            if second.exists() and not replace(second, password_file=str(file)).opens():
                second.run("key", "add", "--new-password-file", str(file), "--host", "escrow")
        except ResticFailed as failed:
            return replace(report, faults=(f"second place: the password on paper: {failed}",))
        return report

    @contextmanager
    def _alone(self, code: str) -> Iterator[None]:
        with (self._folders.run / f"{code}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _memory(self, code: str) -> Path:
        return self._folders.memory / f"{code}.json"

    def _told(self, code: str) -> Path:
        return self._folders.memory / "told" / f"{code}.json"

    def _retention(self, code: str) -> Retention:
        told = json.loads((self._folders.first / code / POLICY).read_text())
        return Retention(**told)

    def _access(self) -> dict[str, str]:
        """Lines `NAME=value`, restic's own variables; and the authority of the place's certificate."""
        file = self._folders.secrets / "second_access"
        lines = file.read_text().splitlines() if file.exists() else []
        authority = self._folders.secrets / "second_authority"
        trusted = {"RESTIC_CACERT": str(authority)} if authority.exists() else {}
        return dict(line.split("=", 1) for line in lines if "=" in line) | trusted


def run() -> None:
    """Do what the command line says; the exit code is 1 where something is not well."""
    upkeep = Upkeep(Folders(), os.environ.get("UPKEEP_SECOND", ""))
    try:
        sys.exit(obey(upkeep, sys.argv[1:]))
    except (ResticFailed, OSError) as failed:
        print(failed, file=sys.stderr)
        sys.exit(1)


def obey(upkeep: Upkeep, arguments: Sequence[str]) -> int:
    """Do one command; what is said is JSON, a line each."""
    match list(arguments):
        case ["all"]:
            return _care(upkeep, upkeep.codes(), is_full=False)
        case ["now", code]:
            return _care(upkeep, [code], is_full=False)
        case ["check", code]:
            return _care(upkeep, [code], is_full=True)
        case ["tell"]:
            _say(*upkeep.tell())
        case ["trust", code]:
            _say(*(json.dumps(text) for text in upkeep.trust(code)))
        case ["key", code]:
            upkeep.add_key(code, sys.stdin.readline().strip())
        case ["place", code]:
            upkeep.make_place(code)
        case ["restic", "first" | "second" as which, code, *command]:
            place = upkeep.place(which, code)
            environment = {**os.environ, **place.environment}
            return subprocess.run(
                place.command("--no-lock", *command), env=environment, check=False
            ).returncode
        case ["put-back", "first" | "second" as which, code, snapshot, path, root, folder]:
            put_back(upkeep.place(which, code), snapshot, path, root, Path(folder))
        case ["made", code]:
            _say(json.dumps(upkeep.is_made(code)))
        case ["page", address, name, path]:
            _say(json.dumps(asdict(page(address, name, path))))
        case ["tally", *dumps]:
            _say(*(json.dumps(_tallied(Path(dump))) for dump in dumps))
        case _:
            print(
                "upkeep should be told all, now, check, tell, trust, key, place, made, restic, put-back, page"
                " or tally",
                file=sys.stderr,
            )
            return 2
    return 0


def _tallied(dump: Path) -> dict[str, object]:
    with dump.open("rb") as lines:
        return {table: asdict(rows) for table, rows in tally(lines).items()}


def _care(upkeep: Upkeep, codes: Sequence[str], *, is_full: bool) -> int:
    """One that cannot be cared for keeps no other from it."""
    is_well = True
    for code in codes:
        try:
            report = upkeep.care(code, is_full=is_full)
        except (OSError, ValueError, TypeError) as error:
            report = Report({}, (), (f"nothing can be kept of its upkeep: {error}",))
        _say(upkeep.line(code, report))
        is_well = is_well and report.is_well
    return 0 if is_well else 1


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)
