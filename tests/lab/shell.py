"""Running the commands that the lab is made of."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence


class LabTrouble(RuntimeError):  # noqa: N818  (as the platform's own Trouble)
    """The lab cannot do what was asked; the message says what and why."""


def run(*argv: str, env: Mapping[str, str] | None = None, timeout: float = 120) -> str:
    """Run a command to its end and give its standard output.

    Args:
        argv: the command and its arguments; no shell reads them.
        env: the whole environment, instead of this process's own.
        timeout: seconds until it is ended.

    Raises:
        LabTrouble: it failed; with the command and what it wrote to standard error.
    """
    done = subprocess.run(argv, capture_output=True, text=True, env=env, timeout=timeout, check=False)
    if done.returncode != 0:
        raise LabTrouble(f"{' '.join(argv)}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def succeeds(*argv: str) -> bool:
    """Whether a command ends with exit code 0; its output is dropped."""
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def wait_until(condition: Callable[[], bool], what: str, seconds: float) -> None:
    """Return as soon as the condition holds.

    Args:
        what: completes "… not within N s", the message when it does not.

    Raises:
        LabTrouble: it did not hold in time.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise LabTrouble(f"{what}: not within {seconds:g} s")
        time.sleep(0.05)


def in_namespace(namespace: str, argv: Sequence[str]) -> tuple[str, ...]:
    """Write the command that runs `argv` in a network namespace.

    Not `ip netns exec`: it mounts a new /sys and so hides the cgroups that an engine needs.
    """
    return ("nsenter", f"--net=/run/netns/{namespace}", *argv)
