"""A partner's backups by themselves: its client's own script, its server, and the upkeep of both places."""

import hashlib
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clearinghouse.upkeep.program import POLICY, Folders, Upkeep
from clearinghouse.upkeep.restic import Restic, ResticFailed
from clearinghouse.upkeep.retention import Retention
from tests.lab import wait_until

CHECKOUT = Path(__file__).parents[2]
CODE = "cd"
_SCRIPT = CHECKOUT / "platform/images/backup/backup"
_RUN, _TMP = "client-run/secrets", "client-tmp"
RETENTION = Retention(daily=7, weekly=4, monthly=3)
_APART = """
mount --bind "$1" /mnt && mount --bind /mnt/client-run /run && mount --bind /mnt/client-tmp /tmp &&
hostname "$2" && shift 2 && exec "$@"
"""
"""The client's script has its files in /run and /tmp, as in its container; here in namespaces of its own. The
place itself is at /mnt, wherever it lies."""
PATIENCE = 30
"""Seconds for one command; restic itself tries for a quarter of an hour where a place is not well."""
_DUMP = """#!/bin/bash
# Stands for the dump client: what it writes is what the database had when it began.
cat /mnt/database.sql
"""
_UPKEEP = "import sys; from tests.harness.place import upkeep_at; sys.exit(upkeep_at(*sys.argv[1:]))"


@dataclass(frozen=True)
class Done:
    """What a command did; a negative code is the signal that ended it."""

    code: int
    output: str
    is_ended_here: bool = False
    """Whether the harness put an end to it, which is no notice of anything."""

    @property
    def is_well(self) -> bool:
        return self.code == 0


Content = dict[str, str]
"""SHA-256 of each file by its path, of the site and of the dump."""


@dataclass
class Place:
    """One partner, in a folder of its own.

    Args:
        root: the folder.
        chance: makes what is in the site.
    """

    root: Path
    chance: random.Random
    known: dict[str, Content] = field(default_factory=dict)
    """What each run that ended well must give back."""
    tried: dict[str, Content] = field(default_factory=dict)
    """The same of each run that began."""
    before: frozenset[str] = frozenset()
    """The runs of those that were there before the fault."""
    duties: ExitStack = field(default_factory=ExitStack)
    """What is to be ended with it."""
    hours: float = 0
    """How far the clock of upkeep is ahead."""
    patience: float = PATIENCE
    """Seconds that a command may take."""
    _server: "subprocess.Popen[bytes] | None" = None
    _port: int = 0

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def first(self) -> Path:
        return self.root / "first" / CODE / CODE

    @property
    def second(self) -> Path:
        return self.root / "second" / CODE

    @property
    def folders(self) -> Folders:
        return folders(self.root)

    def make(self) -> None:
        """Make the folders, the keys and an empty repository, as the platform's own steps do."""
        for name in (
            "first",
            "second",
            "memory",
            "secrets",
            "run",
            "bin",
            "client-run/secrets",
            "client-tmp",
        ):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        secrets = self.root / "secrets"
        for of in ("repository", "maintenance"):
            (secrets / f"{of}_password").write_text(f"the {of}'s password, made by a machine")
        shutil.copy(secrets / "repository_password", self.root / "client-run/secrets")
        self.dump_by(_DUMP)
        shutil.copy(_SCRIPT, self.root / "bin/backup")
        (self.root / "bin/restic").symlink_to(Path(shutil.which("restic") or "restic").resolve())
        (self.root / "first" / CODE).mkdir()
        (self.first.parent / POLICY).write_text(json.dumps(asdict(RETENTION)))
        own = ("--repo", str(self.first), "--password-file", str(secrets / "repository_password"))
        _must("restic", "--no-cache", *own, "init")
        _must("restic", "--no-cache", *own, "key", "add", "--new-password-file", self.folders.password)

    def dump_by(self, script: str = _DUMP) -> None:
        """Let a script stand for the dump client."""
        (self.root / "bin/mariadb-dump").write_text(script)
        (self.root / "bin/mariadb-dump").chmod(0o755)

    def change(self) -> None:
        """The site lives: some files are new, some are other than they were, and so is the database."""
        self.site.mkdir(exist_ok=True)
        for number in self.chance.sample(range(40), 12):
            folder = self.site / f"{number % 5}"
            folder.mkdir(exist_ok=True)
            (folder / f"page [{number}].html").write_bytes(
                self.chance.randbytes(self.chance.randint(0, 60_000))
            )
        (self.site / "picture.jpg").write_bytes(self.chance.randbytes(1_500_000))
        rows = self.chance.randbytes(400_000).hex()
        (self.root / "database.sql").write_text(f"{rows}\n-- Dump completed\n")

    def content(self) -> Content:
        """What is there now."""
        found = {f"/site/{path}": digest for path, digest in _digests(self.site).items()}
        return found | {"/database.sql": _digest(self.root / "database.sql")}

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The repository's server runs: it takes nothing back."""
        before = self._server, self._port
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        command = ["rest-server", "--path", str(self.first.parent), "--append-only", "--no-auth"]
        self._server = subprocess.Popen(
            [*command, "--listen", f"127.0.0.1:{self._port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._answers, "the server answers", 20)
            yield
        finally:
            self._server.kill()
            self._server.wait()
            self._server, self._port = before

    def _answers(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self._port)) == 0

    def begin_backup(self, host: str = CODE) -> "subprocess.Popen[str]":
        """Start a run of the client's own script, on a machine of some name."""
        return self._begin_apart(
            host,
            "/mnt/bin/backup",
            "now",
            RESTIC_REPOSITORY=f"rest:http://127.0.0.1:{self._port}/{CODE}/",
            BACKUP_CODE=CODE,
            BACKUP_PATHS="/mnt/site",
            BACKUP_DATABASE="mariadb-10.11",
            DATABASE_NAME="site",
        )

    def remember(self, days: int) -> None:
        """A run of some days ago and the round after it; as the script makes one, but for its time."""
        self.change()
        at = datetime.now(UTC) - timedelta(days=days)
        run = f"run-{at:%Y%m%dT%H%M%SZ}-{days:04x}"
        files = self._save_at(at, f"{run},files", "--", "/mnt/site")
        dump = ("--stdin-filename", "database.sql", "--stdin-from-command", "--", "/mnt/bin/mariadb-dump")
        database = self._save_at(at, f"{run},database", *dump)
        record = ("--stdin-filename", "record", "--stdin-from-command", "--", "echo", run)
        self._save_at(at, f"{run},record,files={files[:16]},database={database[:16]}", *record)
        self.known[run] = self.content()
        self.hours = -24 * days + 0.1
        done = self.care()
        assert done.is_well, done.output
        self.hours = 0

    def _save_at(self, at: datetime, tags: str, *what: str) -> str:
        """One snapshot with the time that is said; gives its id."""
        local = at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        own = ("--repo", f"/mnt/first/{CODE}/{CODE}", "--password-file", "/run/secrets/repository_password")
        command = ("restic", "--no-cache", *own, "backup", "--json", "--host", CODE, "--tag", tags)
        done = finish(self._begin_apart(CODE, *command, "--time", local, *what))
        assert done.is_well, done.output
        return str(json.loads(done.output.splitlines()[-1])["snapshot_id"])

    def _begin_apart(self, host: str, *command: str, **env: str) -> "subprocess.Popen[str]":
        apart = ["unshare", "--mount", "--uts", "bash", "-c", _APART, "apart", str(self.root), host]
        return self._begin([*apart, *command], PATH=f"/mnt/bin:{os.environ['PATH']}", **env)

    def backup(self) -> Done:
        """One run; when it ends well, its content has to come back from then on."""
        content = self.content()
        done = finish(self.begin_backup(), self.patience)
        self.knows(done, content)
        return done

    def length_of_a_run(self) -> float:
        """The seconds that a run takes, on this machine at this moment."""
        began = time.monotonic()
        done = self.backup()
        assert done.is_well, done.output
        return time.monotonic() - began

    def knows(self, done: Done, content: Content) -> None:
        """Where a run ended well, it has to give a content back; as has one that is told as done."""
        self.tried[run_of(done)] = content
        if done.is_well:
            self.known[run_of(done)] = content

    def keep_known(self) -> None:
        """Write down what each run has to give back."""
        (self.root / "known.json").write_text(json.dumps(self.known))

    def recall_known(self) -> None:
        """Read what was written down."""
        self.known = json.loads((self.root / "known.json").read_text())
        self.before = frozenset(self.known)

    def snapshot(self, run: str) -> str:
        """The id of a run's files at the first place."""
        for told_ in Upkeep(self.folders, "").first(CODE).snapshots():
            if run in told_["tags"] and "files" in told_["tags"]:
                return str(told_["id"])
        raise AssertionError(f"{run} has no files")

    def begin_upkeep(self, *command: str) -> "subprocess.Popen[str]":
        """Start the host's upkeep with a command of its own."""
        return self._begin([sys.executable, "-c", _UPKEEP, str(self.root), str(self.hours), *command])

    def upkeep(self, *command: str) -> Done:
        """Have the host's upkeep do a command."""
        return finish(self.begin_upkeep(*command), self.patience)

    def care(self) -> Done:
        """A round of upkeep."""
        return self.upkeep("now", CODE)

    def check(self) -> Done:
        """A round that reads all data of both places."""
        return self.upkeep("check", CODE)

    def restored(self, which: str, run: str, into: Path) -> Content:
        """What a run gives back from a place, as the platform restores it.

        Raises:
            ResticFailed: it does not give it back, and says so.
        """
        place = self._readable(which)
        tagged = [each for each in place.snapshots() if run in each["tags"] and "record" not in each["tags"]]
        shutil.rmtree(into, ignore_errors=True)
        for part in ("files", "database"):
            last = [each["id"] for each in tagged if part in each["tags"]]
            if not last:
                raise ResticFailed(f"{run} has no {part} there", 1)
            place.restore(last[-1], "/mnt/site" if part == "files" else "/database.sql", into)
        files = _digests(into / "mnt/site")
        return {f"/site/{path}": digest for path, digest in files.items()} | {
            "/database.sql": _digest(into / "database.sql")
        }

    def _readable(self, which: str) -> Restic:
        """A place, by the host's key; the first one by the client's too, which an operator has."""
        place = Upkeep(self.folders, second_at(self.root)).place(which, CODE)
        try:
            is_open = which == "second" or place.opens()
        except ResticFailed:
            is_open = False
        client = str(self.root / "secrets/repository_password")
        return place if is_open else replace(place, password_file=client)

    def _begin(self, command: Sequence[str], **env: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.duties.callback(_end_session, process.pid)
        return process


def folders(root: Path) -> Folders:
    """Where upkeep has what is mounted in its container."""
    return Folders(*(root / name for name in ("first", "second", "memory", "secrets", "run")))


def second_at(root: Path) -> str:
    """Where the second place is; empty where it is a volume."""
    remote = root / "second_place"
    return remote.read_text() if remote.exists() else ""


def upkeep_at(root: str, hours: str, *command: str) -> int:
    """The host's upkeep, with the folders of a place and a clock that is ahead."""
    from clearinghouse.upkeep.program import obey

    ahead = timedelta(hours=float(hours))
    upkeep = Upkeep(folders(Path(root)), second_at(Path(root)), lambda: datetime.now(UTC) + ahead)
    try:
        return obey(upkeep, command)
    except (ResticFailed, OSError) as failed:
        print(failed)
        return 1


def finish(process: "subprocess.Popen[str]", patience: float = PATIENCE) -> Done:
    """Wait for its end; one that takes more seconds than that has failed, and is ended."""
    try:
        output, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        return kill(process)
    return Done(process.returncode, output)


def kill(process: "subprocess.Popen[str]") -> Done:
    """End it and all that it has started, at once."""
    _end_session(process.pid)
    output, _ = process.communicate()
    return Done(process.returncode, output, is_ended_here=True)


def _end_session(number: int) -> None:
    """Not by its group: `timeout` has one of its own, and what it runs would keep a view of all mounts."""
    subprocess.run(["pkill", "--signal", "KILL", "--session", str(number)], check=False)


def run_of(done: Done) -> str:
    """The run that a backup says it is."""
    found = re.search(r"run-\d+T\d+Z-[0-9a-f]{4}", done.output)
    return found[0] if found else ""


def told(done: Done) -> dict[str, object]:
    """The report at the end of what a round of upkeep says; nothing where it says none."""
    for line in reversed(done.output.splitlines()):
        try:
            report = json.loads(line)
        except ValueError:
            continue
        if isinstance(report, dict) and "runs" in report:
            return report
    return {}


def _must(*command: str) -> None:
    subprocess.run(command, capture_output=True, check=True)


def _digests(folder: Path) -> Content:
    return {
        str(file.relative_to(folder)): _digest(file) for file in sorted(folder.rglob("*")) if file.is_file()
    }


def _digest(file: Path) -> str:
    return digest(file.read_bytes())


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
