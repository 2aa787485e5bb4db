"""Restic as it is released, in a container of the platform: into a folder, and to a bare rest-server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clearinghouse.provision.images import tag
from tests.lab import Host
from tests.live.installation import CHECKOUT

FOLDER, SERVER = "/repositories/folder", "rest:http://bare-server:8000/server/"
_NAMES = ("bare", "bare-server")
_NETWORK = "bare"
PASSWORD = "as-long-as-the-platforms-own-passwords"


@contextmanager
def running(host: Host, volume: str, repositories: Path, cpus: int, memory: str) -> Iterator[None]:
    """A container that can read a site's volume, and a server beside it; they are gone afterwards.

    Args:
        volume: with the site's files; at /site.
        repositories: a folder of the host for both repositories.
        cpus: how many processors each may use.
        memory: how much the client may, as the platform's own.
    """
    limits = ("--network", _NETWORK, "--cpus", str(cpus), "--user", "0")
    where = ("--volume", f"{repositories}:/repositories")
    host.docker("network", "create", _NETWORK)
    try:
        host.docker(
            "run", "--detach", "--name", "bare", *limits, "--memory", memory, "--memory-swap", memory, *where,
            "--volume", f"{stock()}:/usr/local/bin/restic:ro", "--volume", f"{volume}:/site:ro",
            "--tmpfs", "/tmp", "--env", "HOME=/tmp",
            "--env", f"RESTIC_PASSWORD={PASSWORD}",
            "--entrypoint", "sleep", tag("backup"), "infinity",
        )  # fmt: skip
        host.docker(
            "run", "--detach", "--name", "bare-server", *limits, *where, "--entrypoint", "rest-server",
            tag("repository"), "--path", "/repositories", "--listen", "0.0.0.0:8000", "--no-auth",
        )  # fmt: skip
        yield
    finally:
        host.docker("rm", "--force", *_NAMES)
        host.docker("network", "rm", _NETWORK)


def stock() -> str:
    """The program, as its makers release it: the platform's own makes keys that are quick to open."""
    told = subprocess.run([CHECKOUT / "toolchain/stock-restic"], capture_output=True, text=True, check=True)
    return str(Path(told.stdout.strip()).resolve())


def make(host: Host, place: str) -> None:
    """Make an empty repository at one of the two places."""
    host.docker("exec", "bare", "rm", "-rf", "/tmp/.cache", f"/repositories/{_folder(place)}")
    host.docker("exec", "bare", "restic", "--repo", place, "init")


def save(host: Host, place: str) -> None:
    """Back the site up."""
    host.docker("exec", "bare", "restic", "--repo", place, "backup", "--json", "/site", timeout=900)


def _folder(place: str) -> str:
    return place.strip("/").rsplit("/", 1)[1]
