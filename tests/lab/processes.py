"""Finding and ending what runs in a namespace of the lab."""

import os
import signal
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from .shell import run, wait_until


def running_in(namespace: str) -> set[int]:
    """Find every process of a played machine: those in its network namespace, and what these have started.

    Containers have namespaces of their own, but their shims stay in that of the engine.
    """
    children = _children()
    found: set[int] = set()
    waiting = [int(pid) for pid in run("ip", "netns", "pids", namespace).split()]
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children[pid]
    return found


def kill(pids: Iterable[int], seconds: float = 10) -> None:
    """End processes at once, and wait until they are gone."""
    gone = [pid for pid in pids if _signalled(pid, signal.SIGKILL)]
    wait_until(lambda: not any(is_alive(pid) for pid in gone), f"the end of processes {gone}", seconds)


def is_alive(pid: int) -> bool:
    """Whether a process is there and not only waits to be collected by its parent."""
    stat = _stat(pid)
    return stat is not None and stat[0] not in "ZX"


def _signalled(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _children() -> defaultdict[int, list[int]]:
    children: defaultdict[int, list[int]] = defaultdict(list)
    for pid in _all():
        if stat := _stat(pid):
            children[int(stat[1])].append(pid)
    return children


def _all() -> Iterator[int]:
    return (int(entry) for entry in os.listdir("/proc") if entry.isdigit())


def _stat(pid: int) -> list[str] | None:
    """State, parent and so on: the fields after the name, which may itself hold blanks and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
