"""What the lab leaves on the machine: nothing but its images."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab import Lab, wait_until
from tests.lab.shell import run

pytestmark = pytest.mark.live

NAME = "chm-trace"
STORE = "clearinghouse/trace/"
ADDRESSES = {"ipv4": "10.79.2.0/24", "ipv6": "fd79:2::/64"}
KILLED_RUN = f"""
import time
import docker
from clearinghouse.disk import Disk, make
from tests.lab import Lab
with Lab("alpha", name={NAME!r}, **{ADDRESSES!r}) as lab:
    lab["alpha"].fetch_base_image()
    lab["alpha"].docker("run", "--detach", "--restart", "always", "debian:bookworm-slim", "sleep", "1234567")
    make(docker.DockerClient(lab["alpha"].docker_host), Disk("zz", "alpha", 2**26, ("data",)))
    print("ready", flush=True)
    time.sleep(600)
"""


def traces() -> list[str]:
    """Everything on this machine that bears the lab's name."""
    listings = (
        ("ip", "-oneline", "link"),
        ("ip", "netns", "list"),
        ("iptables-save",),
        ("ip6tables-save",),
        ("ps", "-eo", "args"),
        ("cat", "/proc/self/mountinfo"),
        ("losetup", "--list", "--noheadings"),
    )
    lines = (line for listing in listings for line in run(*listing).splitlines())
    ours = (NAME, STORE, "sleep 1234567", "10.79.2.")
    return [line for line in lines if any(each in line for each in ours)]


@pytest.fixture
def killed_run() -> None:
    """A run that was ended by kill -9 in the middle, its engine and a container still running."""
    command = (sys.executable, "-c", KILLED_RUN)
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        os.kill(process.pid, signal.SIGKILL)


def test_the_next_run_clears_a_killed_one_and_leaves_nothing(killed_run: None) -> None:
    wait_until(lambda: any("sleep 1234567" in line for line in traces()), "the left container", 5)
    assert any("zz.img" in line for line in traces())
    with Lab("alpha", name=NAME, **ADDRESSES) as lab:
        assert not lab["alpha"].docker("ps", "--all", "--quiet")
        assert "debian" in lab["alpha"].docker("images")
    wait_until(lambda: traces() == [], f"the end of {traces()}", 5)
