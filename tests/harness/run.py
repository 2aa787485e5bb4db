"""All faults, many times over: `python -m tests.harness.run [COUNT] [SEED] [--write]`, as root, activated.

COUNT faults (342 without it), each kind as often as any other, begin with SEED (1 without it). Its exit code
is 1 when anything was lost, went unnoticed or was told as done that was not. With --write the table goes into
docs/results/ too.
"""

import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

from tests.harness.faults import KINDS, LONG
from tests.harness.place import CHECKOUT
from tests.harness.verdict import Verdict, judge, make_template

_COUNT = 6 * len(KINDS)
_WAITING = 20
"""So many of the kinds that wait are done at once; they need no processor meanwhile."""
_HEAD = (
    "| fault | injected | lost | unnoticed | exit code 0 with something missing | else not as it has to be |"
)


def run() -> None:
    """Do what the command line says."""
    numbers = [int(word) for word in sys.argv[1:] if word != "--write"]
    count, seed = [*numbers, _COUNT, 1][:2] if len(numbers) != 1 else (numbers[0], 1)
    # A `kill` ends it as Ctrl-C does, so that nothing stays mounted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    found = list(_shown(_judged(count, seed)))
    table = "\n".join(_table(found))
    print(f"\n{table}")
    if "--write" in sys.argv:
        _write(table, count, seed, time.monotonic() - started)
    sys.exit(not all(verdict.is_well for verdict in found))


def faults(count: int, seed: int) -> list[tuple[str, int]]:
    """So many faults, the kinds in turn, each with a seed of its own."""
    return list(itertools.islice(((kind, at) for at in itertools.count(seed) for kind in KINDS), count))


def _judged(count: int, seed: int) -> Iterator[Verdict]:
    with tempfile.TemporaryDirectory(prefix="faults-", dir="/var/tmp") as name:
        folder = Path(name)
        make_template(folder / "template")
        with ProcessPoolExecutor(os.cpu_count()) as pool, ProcessPoolExecutor(_WAITING) as waiting:
            asked = [
                (waiting if kind in LONG else pool).submit(
                    judge, kind, at, folder / "template", folder / f"case-{number}"
                )
                for number, (kind, at) in enumerate(faults(count, seed))
            ]
            yield from (each.result() for each in as_completed(asked))


def _shown(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    for number, verdict in enumerate(verdicts, 1):
        print(f"{number:4} {verdict.kind}, seed {verdict.seed}: {verdict.told}", flush=True)
        yield verdict


def _table(found: list[Verdict]) -> Iterator[str]:
    yield _HEAD
    yield "|---|--:|--:|--:|--:|--:|"
    for kind in KINDS:
        if of_kind := [verdict for verdict in found if verdict.kind == kind]:
            yield _row(kind, of_kind)
    yield _row("**all**", found)


def _row(name: str, found: list[Verdict]) -> str:
    counts = (
        len(found),
        sum(bool(each.lost) for each in found),
        sum(each.is_unnoticed for each in found),
        sum(bool(each.lied) for each in found),
        sum(bool(each.broken) for each in found),
    )
    return f"| {name} | {' | '.join(map(str, counts))} |"


def _write(table: str, count: int, seed: int, seconds: float) -> None:
    today = datetime.now(UTC).date()
    git = ["git", "-C", str(CHECKOUT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    text = (
        f"# Faults injected into backups, {today}\n\nCommit {commit}, `make harness-backup`: {count} faults,"
        f" seed {seed}, {seconds / 60:.0f} min on {os.cpu_count()} processors. Each is done to a copy of a"
        " place with five runs at both places, by the client's own script, its append-only server and upkeep;"
        " then every run that had ended well and that the policy keeps is restored, and held against what it"
        " had. A command that the harness itself ends has noticed nothing.\n\n"
    )
    (CHECKOUT / f"docs/results/{today}-harness-backup.md").write_text(f"{text}{table}\n")


if __name__ == "__main__":
    run()
