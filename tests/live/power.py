"""A machine that loses its power: a process ends with all that it has started, at once."""

import os
import signal
import subprocess
from contextlib import suppress

from tests.lab import wait_until
from tests.live.installation import Installation


def lose_power_at_a_new(role: str, here: Installation, *command: str) -> None:
    """End a command that replaces the containers of the partner cd, when a new one of some role runs."""
    before = here.ids("cd", role)
    process = here.begin(*command)
    try:
        wait_until(lambda: bool(here.ids("cd", role) - before), f"a new {role} runs", 120)
    finally:
        lose_power(process)


def lose_power(process: "subprocess.Popen[str]") -> None:
    """End a process with all that it has started, so that none of them sees another one end."""
    stopped: list[int] = []
    while started := [pid for pid in _tree(process.pid) if pid not in stopped]:
        # What is stopped starts nothing more.
        _signal(started, signal.SIGSTOP)
        stopped += started
    _signal(stopped, signal.SIGKILL)
    process.communicate()


def _tree(root: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for pid, parent in (map(int, line.split()) for line in listed.splitlines()):
        children.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
