"""Figures of a bench: printed, and with --write put into docs/results/ with the date and the commit."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

Line = Callable[[str], None]
Part = TypeVar("Part")

_ROOT = Path(__file__).resolve().parent.parent


def chosen(parts: Mapping[str, Part]) -> Iterable[Part]:
    """The parts that the command line names; all of them where it names none."""
    return [part for name, part in parts.items() if name in sys.argv] or parts.values()


def tell(name: str, title: str, where: str, measure: Callable[[Line], None]) -> None:
    """Print each figure when it is known; at the end, write all of them down where that is asked.

    Args:
        name: the bench's program, without its ending.
        title: what was measured.
        where: on what machine, and how.
        measure: is given what takes a line.
    """
    told: list[str] = []

    def line(text: str) -> None:
        print(text, flush=True)
        told.append(f"- {text}")

    measure(line)
    if "--write" in sys.argv:
        _write(name, title, where, told)


def _write(name: str, title: str, where: str, told: list[str]) -> None:
    today = datetime.now(UTC).date()
    git = ["git", "-C", str(_ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    head = f"# {title}, {today}\n\nCommit {commit}, `python bench/{name}.py`. {where}"
    file = _ROOT / "docs/results" / f"{today}-{name.replace('_', '-')}.md"
    file.write_text(f"{head}\n\n" + "\n".join(told) + "\n")
