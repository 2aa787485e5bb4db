"""One fault, and whether anything was lost by it, unnoticed, or told as done that was not."""

import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clearinghouse.upkeep.restic import ResticFailed
from clearinghouse.upkeep.retention import kept
from clearinghouse.upkeep.runs import began
from tests.harness.faults import KINDS, Outcome
from tests.harness.place import RETENTION, Content, Place, told

HISTORY = (128, 96, 64, 16, 5)
"""How many days ago there was a run: on any day of the year a next round forgets one, and three stay."""


@dataclass(frozen=True)
class Verdict:
    """What came of one fault.

    Attributes:
        kind: of the fault.
        seed: what its chance began with.
        is_unnoticed: whether it had to be noticed, and nothing failed and nothing was told.
        lost: runs that had ended well and that neither place gives back.
        lied: what ended with exit code 0 although something was missing.
        broken: what else was not as it has to be.
    """

    kind: str
    seed: int
    is_unnoticed: bool
    lost: tuple[str, ...]
    lied: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        return not (self.is_unnoticed or self.lost or self.lied or self.broken)

    @property
    def told(self) -> str:
        """All of it in one line."""
        parts = [
            *(["nobody noticed"] if self.is_unnoticed else []),
            *(f"{run} is lost" for run in self.lost),
            *self.lied,
            *self.broken,
        ]
        return "; ".join(parts) or "well"


def make_template(root: Path) -> None:
    """A place with a history at both places."""
    root.mkdir()
    place = Place(root, random.Random(0))
    place.make()
    for days in HISTORY:
        place.remember(days)
    place.keep_known()


def judge(kind: str, seed: int, template: Path, folder: Path) -> Verdict:
    """Do one fault to a copy of the template, and judge what came of it.

    Args:
        folder: where the copy is made; it goes afterwards.
    """
    chance = random.Random(f"{kind} {seed}")
    shutil.copytree(template, folder, symlinks=True)
    place = Place(folder, chance)
    place.recall_known()
    try:
        with place.serving(), place.duties:
            place.change()
            outcome = KINDS[kind](place, chance)
            lied = _lies(place, outcome)
            broken = outcome.broken + _recovery(kind, place)
            lost = [run for run in _kept(place) if not _comes_back(place, run)]
        noticed = any(not (done.is_well or done.is_ended_here) for done in outcome.said)
        is_unnoticed = outcome.is_to_be_noticed and not noticed
        return Verdict(kind, seed, is_unnoticed, tuple(lost), tuple(lied), tuple(broken))
    finally:
        shutil.rmtree(folder)


def _kept(place: Place) -> list[str]:
    """The runs that ended well and that the policy keeps."""
    return sorted(kept({run: began(run) for run in place.known}, RETENTION, datetime.now(UTC)))


def _comes_back(place: Place, run: str) -> bool:
    return any(_gives(place, which, run, place.known[run]) for which in ("first", "second"))


def _gives(place: Place, which: str, run: str, content: Content) -> bool:
    """Whether a place gives back all that has to be in a run; more may be in it."""
    try:
        found = place.restored(which, run, place.root / "out")
    except (ResticFailed, OSError):
        return False
    return content.items() <= found.items()


def _lies(place: Place, outcome: Outcome) -> list[str]:
    """Each command that ended with 0: what it told as done has to be there."""
    found = []
    for report in (told(done) for done in outcome.said if done.is_well):
        runs = report.get("runs")
        for run, state in (runs if isinstance(runs, dict) else {}).items():
            content = place.known.get(run) or place.tried.get(run)
            # Some are forgotten by a later round, as they should be.
            is_kept = run not in place.before or run in _kept(place)
            if state == "done" and is_kept and content and not _gives(place, "second", run, content):
                found.append(f"{run} is told as done, and the second place does not give it back")
    for run in set(place.known) - place.before:
        if not _gives(place, "first", run, place.known[run]):
            found.append(f"{run} ended with 0, and the first place does not give it back")
    return found


def _recovery(kind: str, place: Place) -> list[str]:
    """When the fault has gone, runs and rounds are as ever; what is damaged has to be mended first."""
    if " place" in kind and kind.split(":")[0] in ("bit", "truncated", "missing", "zero-length"):
        return []
    place.hours = max(place.hours, 0)
    for _ in range(2):
        # A prune that was killed has left its lock, which keeps a run waiting until upkeep comes.
        place.care()
        place.change()
        run, round_ = place.backup(), place.care()
        if run.is_well and round_.is_well:
            return []
        place.hours += 1
    last = f"{run.output[-200:]} {round_.output[-400:]}"
    return [f"it did not go on as ever when the fault had gone: {last}"]
