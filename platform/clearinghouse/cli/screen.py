"""How long actions show themselves: a live line on a terminal, plain lines when piped."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """Show one step: that it runs, then its result and how long it took.

    Yields:
        A function that takes the result, for people.
    """
    start = time.monotonic()
    result = ["done"]
    with console.status(f"{title} …"):
        if not console.is_terminal:
            console.print(f"{title} …")
        yield lambda text: result.__setitem__(0, text)
    console.print(f"[green]✓[/green] {title}: {result[0]} ({duration(time.monotonic() - start)})")


def duration(seconds: float) -> str:
    """A duration for people: `0.9 s`, `1 m 05 s`."""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} m {int(seconds % 60):02d} s"
