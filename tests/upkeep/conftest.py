"""A repository with restic as it is, kept by upkeep as it is; only its clock is the test's."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clearinghouse.upkeep import memory as memories
from clearinghouse.upkeep.care import Care, Report
from clearinghouse.upkeep.memory import Memory
from clearinghouse.upkeep.program import POLICY, Folders, Upkeep
from clearinghouse.upkeep.retention import Retention
from tests.lab import wait_until

CODE = "cd"
START = datetime(2027, 1, 10, 2, 17, tzinfo=UTC)


class _KilledError(Exception):
    """Stands for the kill of a round at a place."""


@dataclass
class Bench:
    """A partner's repository, its client, and its upkeep."""

    folders: Folders
    now: datetime = START
    count: int = 0
    files: dict[str, str] = field(
        default_factory=lambda: {f"page-{n}.html": f"page {n}\n" for n in range(30)}
    )

    @property
    def upkeep(self) -> Upkeep:
        return Upkeep(self.folders, "", lambda: self.now)

    @property
    def first(self) -> Path:
        return self.folders.first / CODE / CODE

    @property
    def second(self) -> Path:
        return self.folders.second / CODE

    def restic(self, *arguments: str, of: str = "client", at: Path | None = None) -> str:
        """Restic in the hands of a client; it has the same clock as upkeep has."""
        where = [
            "--repo",
            str(at or self.first),
            "--password-file",
            str(self.folders.secrets / f"{of}_password"),
        ]
        done = subprocess.run(
            ["restic", "--no-cache", *where, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def backup(self, *, is_ended: bool = True, when: datetime | None = None) -> str:
        """One run of the client's; gives its id."""
        at = when or self.now
        self.count += 1
        run = f"run-{at:%Y%m%dT%H%M%SZ}-{self.count:04x}"
        site = self.folders.run / "site"
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir()
        for name, text in self.files.items():
            (site / name).write_text(text)
        saved = self.save(f"{run},files", str(site), at=at)
        if is_ended:
            (self.folders.run / "record").write_text(run)
            self.save(f"{run},record,files={saved[:16]}", str(self.folders.run / "record"), at=at)
        return run

    def save(self, tags: str, path: str, *, at: datetime | None = None) -> str:
        """One snapshot, with tags; gives its id."""
        local = (at or self.now).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        told = self.restic("backup", "--json", "--host", CODE, "--tag", tags, "--time", local, path)
        return str(json.loads(told.splitlines()[-1])["snapshot_id"])

    @contextmanager
    def backup_under_way(self) -> Iterator[Path]:
        """A client that is in the middle of it, on another machine than upkeep; gives its lock."""
        command = ["unshare", "--uts", "sh", "-c", 'hostname client && exec "$@"', "sh"]
        command += ["restic", "--no-cache", "--repo", str(self.first), "--password-file"]
        command += [str(self.folders.secrets / "client_password"), "backup", "--stdin", "--tag", "x"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as client:
            try:
                wait_until(lambda: os.listdir(self.first / "locks") != [], "the client holds its lock", 60)
                yield next((self.first / "locks").iterdir())
            finally:
                client.kill()

    @property
    def memory(self) -> Memory:
        """What upkeep remembers."""
        found = memories.load(self._memory_file)
        assert found
        return found

    @property
    def _memory_file(self) -> Path:
        return self.folders.memory / f"{CODE}.json"

    def killed_round(self) -> None:
        """One round that forgets, and is killed before it writes down that it did."""
        self._one(lambda memory: memories.save(memory, self._memory_file)).round()

    def care_before_forgetting(self) -> None:
        """One round that is killed when it is about to forget."""

        def die(_: Memory) -> None:
            raise _KilledError

        with pytest.raises(_KilledError):
            self._one(die).round()

    def _one(self, save: Callable[[Memory], None]) -> Care:
        retention = Retention(**json.loads((self.folders.first / CODE / POLICY).read_text()))
        upkeep = self.upkeep
        return Care(upkeep.first(CODE), upkeep.second(CODE), retention, self.memory, self.now, save)

    def care(self, *, is_full: bool = False) -> Report:
        """One round of upkeep."""
        return self.upkeep.care(CODE, is_full=is_full)

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)

    def snapshots(self, at: Path) -> list[str]:
        return sorted(each.name for each in (at / "snapshots").iterdir())


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as the step `keys` makes it; opening costs so much that it is made once."""
    root = tmp_path_factory.mktemp("made")
    folders = _folders(root)
    for of in ("client", "maintenance"):
        folders.secrets.joinpath(f"{of}_password").write_text(f"{of}'s")
    bench = Bench(folders)
    (folders.first / CODE).mkdir()
    bench.restic("init")
    bench.restic("key", "add", "--new-password-file", folders.password)
    policy = {"daily": 7, "weekly": 4, "monthly": 3}
    (folders.first / CODE / POLICY).write_text(json.dumps(policy))
    return root


@pytest.fixture
def bench(made: Path, tmp_path: Path) -> Bench:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Bench(_folders(tmp_path))


def _folders(root: Path) -> Folders:
    folders = Folders(*(root / name for name in ("first", "second", "memory", "secrets", "run")))
    for folder in (folders.first, folders.second, folders.memory, folders.secrets, folders.run):
        os.makedirs(folder, exist_ok=True)
    return folders


def flip_a_bit(folder: Path) -> None:
    """One bit, in the middle of the largest file."""
    file = max((each for each in folder.rglob("*") if each.is_file()), key=lambda each: each.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)
