"""The search without a server: an index beside the pages (Pagefind), one for each language."""

import subprocess
import sys
from pathlib import Path

from clearinghouse.errors import COULD_NOT_FIND_OUT, Trouble
from clearinghouse.site.compression import compress

_LONGEST = 300
"""Seconds."""


def index(folder: Path) -> None:
    """Put the index of a site's pages into its folder `pagefind/`.

    Raises:
        Trouble: Pagefind failed; its last words are told.
    """
    command = [sys.executable, "-m", "pagefind", "--site", str(folder), "--output-subdir", "pagefind"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["it said nothing"]
        raise Trouble(
            f"the search index of {folder} cannot be made: {last[0]}; run toolchain/setup, then build again",
            exit_code=COULD_NOT_FIND_OUT,
        )
    for unused in _unused(folder / "pagefind"):
        unused.unlink()
    compress(folder / "pagefind")


def _unused(folder: Path) -> set[Path]:
    """Pagefind's own interfaces, which the pages do not use."""
    return {*folder.glob("pagefind-*ui.*"), *folder.glob("pagefind-highlight.js")}
