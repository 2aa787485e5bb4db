"""The standard site's generator beside its peers, on the same pages of Markdown.

Run with `python bench/site.py [PART…] [--write]` from anywhere, with the environment's Python; the parts are
full, changed, command and memory, all when none is named. With --write the figures go into docs/results/ as
well, with the date and the commit. Pelican and MkDocs come from PyPI into a temporary folder; Hugo is
Debian's (toolchain/packages hugo). All of them read and write in memory (/dev/shm): a disk's file system
takes between a tenth of a second and some seconds for the same files, by what was deleted before. Run it
where nothing else runs: the load is told with the figures.
"""

import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "bench")]

from figures import Line, chosen, tell  # noqa: E402
from peers import generators  # noqa: E402

from clearinghouse.site.build import PREVIEW, SITE, Aim, build  # noqa: E402
from clearinghouse.site.compression import GZIP  # noqa: E402
from clearinghouse.site.seen import Seen  # noqa: E402
from tests.site.information import LEAST, a_country  # noqa: E402

PAGES, MANY = 2000, 20_000
ROUNDS, CHANGES = 3, 9
OURS = "the platform, with gzip"
WITH_BROTLI = "the platform, with gzip and Brotli"
WITH_INDEX = "the platform, with gzip, Brotli and its search index"
OUTPUT = {"Pelican": "output", "MkDocs": "site", "Hugo": "public"}
WORDS = re.findall(
    r"\w+",
    "forêt biodiversité espèces zone protégée rapport national convention eau savane mangrove oiseau plante"
    " climat gestion durable commune projet partenaire objectif",
)
AIMS = {
    "site": SITE,
    "unindexed": Aim("sites", lambda _: None),
    "gzip": Aim("sites", lambda _: None, twins=(GZIP,)),
}


def pages(count: int) -> Mapping[str, str]:
    """Texts of some 450 words with a heading, a list, links and emphasis; always the same."""
    chance = random.Random(7)
    return {f"page-{number}": _page(number, chance) for number in range(count)}


def _page(number: int, chance: random.Random) -> str:
    parts = [_paragraph(number, chance) for _ in range(6)]
    parts.insert(2, "## Titre deux\n\n- un\n- deux\n- trois")
    head = f"title: Page {number}\nsummary: Une page de texte numéro {number}\n"
    return f"---\n{head}---\n\n" + "\n\n".join(parts) + "\n"


def _paragraph(number: int, chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(70)]
    words[3], words[20] = f"**{words[3]}**", f"*{words[20]}*"
    words[10] = f"[{words[10]}](https://example.org/{number})"
    return " ".join(words).capitalize() + "."


def an_installation(folder: Path, texts: Mapping[str, str]) -> Path:
    """The partner bj with these pages, and nothing built."""
    own = folder / "stacks/bj"
    (own / "pages").mkdir(parents=True)
    (folder / "site_templates").symlink_to(ROOT / "site_templates")
    for name, content in LEAST.items():
        (own / name).write_text(content)
    for name, text in texts.items():
        (own / f"pages/{name}.fr.md").write_text(text.replace("---\n", "---\nsection: biodiversity\n", 1))
    return folder


def run(folder: Path, kind: str) -> None:
    """Build in a process of its own, as a command does; Python keeps compiled modules, as it usually does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, __file__, "--run", kind, str(folder)], check=True, env=environment)


def seconds(action: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def spread(found: list[float], digits: int = 2) -> str:
    """A median, and what it lies between."""
    low, middle, high = min(found), statistics.median(found), max(found)
    return f"{middle:.{digits}f} s ({low:.{digits}f} to {high:.{digits}f}, {len(found)} runs)"


def measure_full(folder: Path, line: Line) -> None:
    """Everything anew but the generator's own compiled code and templates, each in a process of its own."""
    texts = pages(PAGES)
    programs = generators.tools(folder / "tools")
    ours = an_installation(folder / "ours", texts)
    actions: dict[str, tuple[Path, Callable[[], None]]] = {
        OURS: (ours / ".state/sites", lambda: run(ours, "gzip")),
        WITH_BROTLI: (ours / ".state/sites", lambda: run(ours, "unindexed")),
        WITH_INDEX: (ours / ".state/sites", lambda: run(ours, "site")),
    }
    for name, lay in generators.PEERS.items():
        where = folder / name
        where.mkdir()
        action = partial(generators.build, where, lay(where, texts, programs), OUTPUT[name], PAGES)
        called = f"{name} {generators.version(name, programs)}, nothing compressed"
        actions[called] = (where / OUTPUT[name], action)
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(ROUNDS):
        for name, (output, action) in actions.items():
            shutil.rmtree(output, ignore_errors=True)
            shutil.rmtree(output.with_name("shelves"), ignore_errors=True)
            found[name].append(seconds(action))
    for name, took in found.items():
        _tell(name, took, statistics.median(found[OURS]), line)


def _tell(name: str, took: list[float], ours: float, line: Line) -> None:
    rate = PAGES / statistics.median(took)
    ratio = f"; the platform takes {ours / statistics.median(took):.2f} of its time" if name != OURS else ""
    line(f"{name}: {spread(took)}, {rate:.0f} pages/s{ratio}")


def measure_changed(folder: Path, line: Line) -> None:
    """One page changed of many: until a running `chm site serve` has built it."""
    here = an_installation(folder / "changed", pages(PAGES))
    partner, seen = a_country("fr"), Seen()
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()  # as the server's: no forks

    def again() -> None:
        build(here, partner, seen, PREVIEW)

    time.sleep(1)  # what was written just now is read again, and a partner's files are older than that
    again()
    _tell_changed("in the preview, without compressed files and search index", here, again, line)


def measure_command(folder: Path, line: Line) -> None:
    """One page changed of many: until a new command has built it."""
    here = an_installation(folder / "command", pages(PAGES))
    run(here, "site")
    _tell_changed("by a command, with the search index", here, lambda: run(here, "site"), line)


def _tell_changed(what: str, here: Path, action: Callable[[], None], line: Line) -> None:
    took = [_changed(here, number, action) for number in range(CHANGES)]
    line(f"one changed page of {PAGES}, {what}: {spread(took)}; wanted: 0.3 s")


def _changed(here: Path, number: int, action: Callable[[], object]) -> float:
    path = here / f"stacks/bj/pages/page-{number}.fr.md"
    path.write_text(f"{path.read_text()}\nAutre texte.\n")
    return seconds(action)


def measure_memory(folder: Path, line: Line) -> None:
    """The most that a build of many pages holds at once, its workers included."""
    here = an_installation(folder / "many", pages(MANY))
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, "--run", "unindexed", str(here)])
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_held, _with_children(process.pid))))
        time.sleep(0.1)
    if process.returncode:
        sys.exit("the build of many pages failed")
    took = time.perf_counter() - started
    line(f"{MANY} pages: {most / 1e6:.0f} MB at most with all workers, {took:.0f} s; wanted: 1000 MB")


def _with_children(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _with_children(int(child))


def _held(pid: int) -> int:
    """Bytes of a process; what it shares counts in part with each that shares it (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it has ended
    return next((int(each.split()[1]) * 1024 for each in lines if each.startswith("Pss:")), 0)


PARTS = {
    "full": measure_full,
    "changed": measure_changed,
    "command": measure_command,
    "memory": measure_memory,
}


def main() -> None:
    """Tell the figures of the parts that are asked for."""

    def measure(line: Line) -> None:
        with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
            for part in chosen(PARTS):
                part(Path(folder), line)

    where = f"{os.cpu_count()} processors; load before it began: {os.getloadavg()[0]:.1f}."
    tell("site", "The standard site's generator beside its peers", where, measure)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        build(Path(sys.argv[3]), a_country("fr"), aim=AIMS[sys.argv[2]])
    else:
        main()
