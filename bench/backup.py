"""Backups and a restore beside bare restic, on a played host: 1 GB in 20,000 files of a static partner.

Run with `python bench/backup.py [PART…] [--write]` from anywhere, as root, with the environment's Python; the
parts are save and restore, both when none is named. With --write the figures go into docs/results/ as well,
with the date and the commit. All sides read the same volume, with the same processors and memory, and write
to the same disk; the host's upkeep is stopped meanwhile. Run it where nothing else runs: the load is told
with the figures.
"""

import os
import random
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import Line, chosen, tell  # noqa: E402
from host_only import STATIC as CODE  # noqa: E402
from host_only import an_installation, seconds, spread  # noqa: E402
from peers import restic  # noqa: E402

from clearinghouse.provision.images import tag  # noqa: E402
from tests.lab import wait_until  # noqa: E402
from tests.live.installation import Installation  # noqa: E402

FILES, SIZE, FOLDERS = 20_000, 10**9, 200
ROUNDS, AGAIN = 9, 3
"""Rounds, each in another order; and in each so many runs without a change."""
WANTED = 1.15
CPUS, MEMORY = 2, "512m"
"""What the platform's container may use, and so the peers'."""
OURS, FOLDER, SERVER = "the platform", "bare restic, a folder", "bare restic, a bare rest-server"
Sides = Mapping[str, Callable[[], object]]


def write_site(folder: Path) -> None:
    """Files of many sizes, half of them text, half of them what does not shrink; always the same."""
    chance = random.Random(7)
    shares = [chance.expovariate(1) for _ in range(FILES)]
    unit = SIZE / sum(shares)
    words = [chance.randbytes(chance.randint(1, 5)).hex() for _ in range(4000)]
    for number, share in enumerate(shares):
        file = folder / f"{number % FOLDERS:03d}/{number:05d}.bin"
        file.parent.mkdir(parents=True, exist_ok=True)
        size = int(unit * share)
        file.write_bytes(chance.randbytes(size) if number % 2 else _text(size, words, chance))


def _text(size: int, words: list[str], chance: random.Random) -> bytes:
    return " ".join(chance.choices(words, k=size // 4 + 1)).encode()[:size]


def a_partner(here: Installation) -> None:
    """The partner, up and full; the host's upkeep would copy and read beside what is measured."""
    here.change(f"{CODE}.yaml", "disk: 1G", "disk: 3G")
    here.chm("up", CODE).well()
    site = here.root / ".state/bench-site"
    write_site(site)
    here.chm("put", CODE, str(site)).well()
    shutil.rmtree(site)
    here.docker("stop", "chm-upkeep")


def empty(here: Installation) -> None:
    """Make the partner's repository anew; its client begins without a cache."""
    names = (f"chm-{CODE}-backup", f"chm-{CODE}-repository")
    here.docker("stop", *names)
    here.docker(
        "run", "--rm", "--user", "0", "--volume", f"chm-{CODE}-repository-g1:/repository",
        "--entrypoint", "rm", tag("backup"), "-rf", f"/repository/{CODE}",
    )  # fmt: skip
    labels = (f"owner={CODE}", "role=keys")
    filters = [part for label in labels for part in ("--filter", f"label=be.clearinghouse.{label}")]
    here.docker("start", "--attach", here.docker("ps", "--all", "--quiet", *filters))
    here.docker("start", *reversed(names))
    # It looks for the newest run when it has started.
    wait_until(lambda: _is_idle(here), "the backup container is ready", 60)


def _is_idle(here: Installation) -> bool:
    told = here.docker("exec", f"chm-{CODE}-backup", "bash", "-c", "ls /run; pidof restic || echo idle")
    return {"newest", "idle"} <= set(told.split())


def save(here: Installation) -> None:
    """One run, by the command that the schedule calls too."""
    here.host.docker("exec", f"chm-{CODE}-backup", "backup", "now", timeout=900)


def measure_save(here: Installation, line: Line) -> None:
    """First backups, and those of the same files again."""
    host = here.host
    makers: Sides = {
        OURS: lambda: empty(here),
        FOLDER: lambda: restic.make(host, restic.FOLDER),
        SERVER: lambda: restic.make(host, restic.SERVER),
    }
    savers: Sides = {
        OURS: lambda: save(here),
        FOLDER: lambda: restic.save(host, restic.FOLDER),
        SERVER: lambda: restic.save(host, restic.SERVER),
    }
    first: dict[str, list[float]] = {name: [] for name in savers}
    again: dict[str, list[float]] = {name: [] for name in savers}
    for number in range(ROUNDS):
        for name in _turned(list(savers), number):
            makers[name]()
            first[name].append(_seconds(savers[name]))
        for turn in range(AGAIN):
            for name in _turned(list(savers), number + turn):
                again[name].append(_seconds(savers[name]))
    _tell("first backup", first, line)
    _tell("backup without a change", again, line)


def measure_restore(here: Installation, line: Line) -> None:
    """A restore of all into a new folder, the same by restic from a folder."""
    empty(here)
    save(here)
    restic.make(here.host, restic.FOLDER)
    restic.save(here.host, restic.FOLDER)
    target = here.root / ".state/restored"
    bare = (
        restic.stock(),
        "--repo",
        str(_repositories(here) / "folder"),
        "restore",
        "latest",
        "--target",
        str(target),
    )
    sides: Sides = {
        OURS: lambda: here.chm("restore", CODE, "--into", str(target)).well(),
        FOLDER: lambda: here.activated(*bare, RESTIC_PASSWORD=restic.PASSWORD).well(),
    }
    took: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(ROUNDS):
        for name in _turned(list(sides), number):
            took[name].append(_seconds(sides[name]))
            found = sum(1 for each in target.rglob("*") if each.is_file())
            if found != FILES:
                sys.exit(f"{name} restored {found} files")
            shutil.rmtree(target)
    _tell("restore", took, line)


def _repositories(here: Installation) -> Path:
    return here.root / ".state/bare"


def _turned(names: list[str], by: int) -> list[str]:
    """The same names, another one first."""
    by %= len(names)
    return [*names[by:], *names[:by]]


def _seconds(action: Callable[[], object]) -> float:
    """How long it takes, and what was written before is on the disk."""
    os.sync()
    return seconds(action)


def _tell(what: str, found: Mapping[str, list[float]], line: Line) -> None:
    ours = median(found[OURS])
    for name, took in found.items():
        ratio = f"; the platform takes {ours / median(took):.2f} of it" if name != OURS else ""
        wanted = f", wanted {WANTED}" if name == FOLDER else ""
        line(f"{what}, {name}: {spread(took, 's', 2)}{ratio}{wanted}")


PARTS = {"save": measure_save, "restore": measure_restore}


def main() -> None:
    """Tell the figures of the parts that are asked for."""

    def measure(line: Line) -> None:
        with an_installation() as here:
            os.chdir(here.root)
            a_partner(here)
            _repositories(here).mkdir()
            with restic.running(here.host, f"chm-{CODE}-site-g1", _repositories(here), CPUS, MEMORY):
                for part in chosen(PARTS):
                    part(here, line)

    where = f"{os.cpu_count()} processors, load before it began: {os.getloadavg()[0]:.1f}."
    tell("backup", "Backups beside bare restic, 1 GB in 20,000 files", where, measure)


if __name__ == "__main__":
    main()
