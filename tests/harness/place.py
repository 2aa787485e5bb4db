"""A partner's backups by themselves: its client's own script, its server, and the upkeep of both places."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clearinghouse.upkeep.program import POLICY, Folders, Upkeep
from clearinghouse.upkeep.restic import ResticFailed
from tests.lab import wait_until

CHECKOUT = Path(__file__).parents[2]
CODE = "cd"
_SCRIPT = CHECKOUT / "platform/images/backup/backup"
_POLICY = {"daily": 7, "weekly": 4, "monthly": 3}
_APART = """
mount --bind "$1" /mnt && mount --bind /mnt/client-run /run && mount --bind /mnt/client-tmp /tmp && exec /mnt/bin/backup now
"""
"""The client's script has its files in /run and /tmp, as in its container; here in a mount namespace. The place itself
is at /mnt, wherever it lies."""
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
    hours: float = 0
    """How far the clock of upkeep is ahead."""
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
        (self.first.parent / POLICY).write_text(json.dumps(_POLICY))
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
        (self.root / "database.sql").write_bytes(self.chance.randbytes(400_000).hex().encode())

    def content(self) -> Content:
        """What is there now."""
        found = {f"/site/{path}": digest for path, digest in _digests(self.site).items()}
        return found | {"/database.sql": _digest(self.root / "database.sql")}

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The repository's server runs: it takes nothing back."""
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

    def _answers(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self._port)) == 0

    def begin_backup(self) -> "subprocess.Popen[str]":
        """Start a run of the client's own script."""
        return self._begin(
            ["unshare", "--mount", "bash", "-c", _APART, "apart", str(self.root)],
            PATH=f"/mnt/bin:{os.environ['PATH']}",
            RESTIC_REPOSITORY=f"rest:http://127.0.0.1:{self._port}/{CODE}/",
            BACKUP_CODE=CODE,
            BACKUP_PATHS="/mnt/site",
            BACKUP_DATABASE="mariadb",
            DATABASE_NAME="site",
        )

    def backup(self) -> Done:
        """One run; when it ends well, its content has to come back from then on."""
        content = self.content()
        done = finish(self.begin_backup())
        if done.is_well:
            self.known[run_of(done)] = content
        return done

    def begin_upkeep(self, *command: str) -> "subprocess.Popen[str]":
        """Start the host's upkeep with a command of its own."""
        return self._begin([sys.executable, "-c", _UPKEEP, str(self.root), str(self.hours), *command])

    def upkeep(self, *command: str) -> Done:
        """Have the host's upkeep do a command."""
        return finish(self.begin_upkeep(*command))

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
        place = Upkeep(self.folders, "").place(which, CODE)
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

    def _begin(self, command: Sequence[str], **env: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def folders(root: Path) -> Folders:
    """Where upkeep has what is mounted in its container."""
    return Folders(*(root / name for name in ("first", "second", "memory", "secrets", "run")))


def upkeep_at(root: str, hours: str, *command: str) -> int:
    """The host's upkeep, with the folders of a place and a clock that is ahead."""
    from clearinghouse.upkeep.program import obey

    ahead = timedelta(hours=float(hours))
    remote = Path(root, "second_place")
    upkeep = Upkeep(
        folders(Path(root)),
        remote.read_text() if remote.exists() else "",
        lambda: datetime.now(UTC) + ahead,
    )
    try:
        return obey(upkeep, command)
    except (ResticFailed, OSError) as failed:
        print(failed)
        return 1


def finish(process: "subprocess.Popen[str]") -> Done:
    """Wait for its end."""
    output, _ = process.communicate(timeout=300)
    return Done(process.returncode, output)


def kill(process: "subprocess.Popen[str]") -> Done:
    """End it and all that it has started, at once."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    return finish(process)


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
    return hashlib.sha256(file.read_bytes()).hexdigest()
