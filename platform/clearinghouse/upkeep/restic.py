"""One repository, by restic's command line (https://restic.readthedocs.io, version 0.18)."""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NONE, LOCKED, WRONG_PASSWORD = 10, 11, 12
"""Restic's exit codes: no repository there, somebody holds it, no key opens it (its manual, Scripting)."""
RESTORE = ("-o", "local.connections=4", "restore")
"""Restic's command, with so many files written at once: its own two wait for the disk while
processors do nothing."""
_OPENING = 60
"""Seconds for a place to answer."""
_LONGEST = 12 * 3600
_WAITED = "10m"
"""How long a lock of somebody else is waited for."""


class ResticFailed(Exception):  # noqa: N818  (it is told to people)
    """Restic did not do what it was asked.

    Attributes:
        code: its exit code.
    """

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Restic:
    """A repository, and the password that opens it.

    Attributes:
        place: a folder, or what restic takes with `--repo`.
        password_file: file with the password.
        environment: what else restic needs to get in, by its own variables.
    """

    place: str
    password_file: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """Its folder, where it lies in one."""
        return Path(self.place) if self.place.startswith("/") else None

    def exists(self) -> bool:
        """Whether there is a repository at its place.

        Raises:
            ResticFailed: nothing answers there, or the password does not open it.
        """
        try:
            self.run("cat", "config", "--no-lock", seconds=_OPENING)
        except ResticFailed as failed:
            if failed.code == NONE:
                return False
            raise
        return True

    def opens(self) -> bool:
        """Whether its password opens the repository that is there.

        Raises:
            ResticFailed: there is none, or nothing answers.
        """
        try:
            self.run("cat", "config", "--no-lock", seconds=_OPENING)
        except ResticFailed as failed:
            if failed.code == WRONG_PASSWORD:
                return False
            raise
        return True

    def make_like(self, other: "Restic") -> None:
        """Make it with the chunker of another one, so that the same bytes are the same chunks in both."""
        self.run("init", "--copy-chunker-params", *other.as_source())

    def snapshots(self) -> list[Mapping[str, Any]]:
        """All snapshots, as restic tells them."""
        return list(json.loads(self.run("snapshots", "--no-lock", seconds=_OPENING * 5) or b"null") or [])

    def copy_from(self, other: "Restic", snapshots: Iterable[str]) -> None:
        """Copy snapshots of another one; those that are here already are passed by."""
        self.run("copy", "--retry-lock", _WAITED, *other.as_source(), *snapshots)

    def read_back(self, snapshot: str) -> None:
        """Read every byte of a snapshot; each is held against the hash by which it is named."""
        self.run("dump", "--no-lock", "--archive", "tar", snapshot, "/", is_kept=False)

    def check(self, subset: str = "") -> None:
        """Check its structure, and read some of its data, such as `3/14` or `100%`."""
        self.run("check", "--no-lock", *([f"--read-data-subset={subset}"] if subset else []))

    def forget(self, snapshots: Iterable[str]) -> None:
        """Forget snapshots, and remove what no other one needs."""
        self.run("forget", "--prune", "--retry-lock", _WAITED, *snapshots)

    def restore(self, snapshot: str, path: str, into: Path) -> None:
        """Restore one path of a snapshot below a folder, and hold it against the snapshot's hashes."""
        self.run(
            *RESTORE, "--no-lock", "--verify", snapshot, "--target", str(into), "--include", literal(path)
        )

    def as_source(self) -> tuple[str, ...]:
        """How another repository is told to take from this one; it lies in a folder."""
        return ("--from-repo", self.place, "--from-password-file", self.password_file)

    def command(self, *arguments: str) -> list[str]:
        """The whole command line of a command of restic's."""
        where = ("--repo", self.place, "--password-file", self.password_file)
        return ["restic", *where, "--no-cache", *arguments]

    def run(self, *arguments: str, seconds: float = _LONGEST, is_kept: bool = True) -> bytes:
        """Run a command, and give what it answers (JSON).

        Args:
            seconds: how long it may take.
            is_kept: whether the answer is wanted; else only that it is there.

        Raises:
            ResticFailed: it failed, or took too long.
        """
        try:
            done = subprocess.run(
                self.command("--json", *arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if is_kept else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, **self.environment},
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            words = last_words((late.stderr or b"").decode(errors="replace"))
            why = f" ({words})" if words else ""
            raise ResticFailed(f"{self.place} does not answer within {seconds:.0f} s{why}", -1) from None
        if done.returncode:
            raise ResticFailed(
                last_words(done.stderr.decode(errors="replace")) or f"restic ended with {done.returncode}",
                done.returncode,
            )
        return done.stdout or b""


def literal(path: str) -> str:
    """A path as a pattern of restic's that matches nothing else."""
    return re.sub(r"([\\*?\[])", r"\\\1", path)


def lines(parts: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """The JSON objects on the lines of what a run says; anything else is for the eye."""
    rest = b""
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if isinstance(told, dict):
                yield told


def last_words(errors: str) -> str:
    """The last sentence of what restic said, which is JSON at times."""
    for line in reversed(errors.splitlines()):
        try:
            told = json.loads(line)
        except ValueError:
            told = line
        text = (
            told.get("message") or (told.get("error") or {}).get("message")
            if isinstance(told, dict)
            else told
        )
        if text and str(text).strip():
            return str(text).strip().removeprefix("Fatal: ")
    return ""
