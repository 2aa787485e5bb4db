"""The care of one repository: look, copy to the second place, verify there, forget, check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from clearinghouse.upkeep import guards, locks
from clearinghouse.upkeep.memory import Memory
from clearinghouse.upkeep.restic import LOCKED, Restic, ResticFailed
from clearinghouse.upkeep.retention import Retention, kept
from clearinghouse.upkeep.runs import Run, runs_in

DONE, HALF, NOT_WHOLE = "done", "half", "not whole"
"""What a run is: verified at the second place, at the first one only, or not whole."""
_FIRST, _SECOND = "first place", "second place"
_UNFINISHED = timedelta(days=7)
"""What a run that never ended has left stays this long."""
_LONGEST_RUN = timedelta(hours=3)
_CHECKED = timedelta(hours=23)
_PARTS = 14
"""So many checks read all data once."""
_READ_AGAIN = timedelta(days=7)
"""A tree that was read back this long ago is read again."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it.

    Attributes:
        runs: what each run is, the newest first.
        alarms: what a person has to look at; nothing is forgotten until then.
        faults: what went wrong this time, and is tried again.
    """

    runs: Mapping[str, str]
    alarms: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.alarms and not self.faults


class Care:
    """One round.

    Args:
        first: the repository that the partner's client fills.
        second: where it is copied to.
        retention: how long runs are kept.
        memory: what is remembered of it; None where nothing is.
        now: this moment (UTC).
        save: keeps the memory before something is done that it must know of.
    """

    def __init__(
        self,
        first: Restic,
        second: Restic,
        retention: Retention,
        memory: Memory | None,
        now: datetime,
        save: Callable[[Memory], None],
    ) -> None:
        self._first, self._second, self._retention = first, second, retention
        self._is_new = memory is None
        self._now, self._save = now, save
        self.memory = memory or Memory()
        self._faults: list[str] = []
        self._runs: tuple[Run, ...] = ()
        self._done: set[str] = set()
        self._open: dict[str, Restic] = {}
        self._locks: dict[str, float] = {}

    def round(self, *, is_full: bool = False) -> Report:
        """Do all of it, as far as it goes.

        Args:
            is_full: check both places now, and read all of their data.
        """
        self._attempt(_FIRST, self._look)
        if not self._faults:
            self._attempt(_SECOND, self._copy)
            self._tell_unfinished()
        if is_full or self._is_check_due():
            self._check(is_full)
        if not self._faults and not self.memory.alarms and not self.memory.damage:
            self._attempt("forgetting", self._forget)
        self.memory.cared, self.memory.locks = self._now.timestamp(), self._locks
        damage = [f"{place}: {text}" for place, text in self.memory.damage.items()]
        return Report(
            {run.id: self._state(run) for run in self._runs},
            tuple(self.memory.alarms.values()),
            (*self._faults, *damage),
        )

    def _attempt(self, what: str, action: Callable[[], None]) -> None:
        try:
            action()
        except (ResticFailed, OSError) as failed:
            self._faults.append(f"{what}: {failed}")

    def _state(self, run: Run) -> str:
        if not run.is_whole:
            return NOT_WHOLE
        # What is known to be damaged may be what was read back before.
        return DONE if run.id in self._done and _SECOND not in self.memory.damage else HALF

    def _look(self) -> None:
        self._know_it_again()
        self._locks |= locks.clear(self._first, self.memory.locks, self._now)
        snapshots = self._first.snapshots()
        self._open[_FIRST] = self._first
        guards.remember(self.memory, snapshots, self._now)
        self._runs = runs_in(snapshots, self._now)
        for found in (guards.fallen(self._runs), guards.strange(snapshots), guards.broken(self._runs)):
            for key, text in found:
                self.memory.alarm(key, text)

    def _know_it_again(self) -> None:
        folder = self._first.folder
        assert folder, "the first place is a folder"
        identity = sha256((folder / "config").read_bytes()).hexdigest()
        if self.memory.identity and self.memory.identity != identity:
            self.memory.alarm(f"other:{identity[:8]}", "another repository is in its place")
        self.memory.identity = identity

    def _copy(self) -> None:
        whole = [run for run in self._runs if run.is_whole]
        if not self._second.exists():
            if not whole:
                return
            self._second.make_like(self._first)
            self.memory.verified.clear()
        elif self._is_new and whole:
            self.memory.alarm(
                "memory", "what upkeep knew of it is lost, so nobody knows what should be there"
            )
        self._locks |= locks.clear(self._second, self.memory.locks, self._now)
        copies = self._second.snapshots()
        self._open[_SECOND] = self._second
        guards.remember_copies(self.memory, copies)
        there = {str(told.get("original") or told["id"]) for told in copies}
        if missing := [each.id for run in whole for each in run.all if each.id not in there]:
            self._second.copy_from(self._first, missing)
            copies = self._second.snapshots()
            guards.remember_copies(self.memory, copies)
        self._verify(whole, {run.id: run for run in runs_in(copies, self._now)})

    def _tell_unfinished(self) -> None:
        """Each run begins with something and ends with its record: the newest one should have."""
        newest = next(iter(self._runs), None)
        if newest and not newest.record and self._now - self._seen_at(newest) > _LONGEST_RUN:
            self._faults.append(f"{_FIRST}: {newest.id} never ended")

    def _verify(self, whole: Sequence[Run], copies: Mapping[str, Run]) -> None:
        """Read back what came: all that the newest run has, of older ones what was never read."""
        since = (self._now - _READ_AGAIN).timestamp()
        for number, run in enumerate(whole):
            copy = copies.get(run.id)
            if copy is None or not copy.is_whole or _trees(copy) != _trees(run):
                self._faults.append(f"{_SECOND}: it lacks {run.id}")
                continue
            for each in copy.snapshots:
                read = self.memory.verified.get(each.tree)
                if read is None or (number == 0 and read < since):
                    self._second.read_back(each.id)
                    self.memory.verified[each.tree] = self._now.timestamp()
            self._done.add(run.id)
        trees = {tree for run in whole for tree in _trees(run)}
        self.memory.verified = {tree: at for tree, at in self.memory.verified.items() if tree in trees}

    def _forget(self) -> None:
        """Forget by what was seen, never by what a client says; in a second place only where it lies here."""
        whole = {run.id: self._seen_at(run) for run in self._runs if run.is_whole}
        newest = next(iter(whole), None)
        if newest is None or newest not in self._done:
            return
        stay = kept(whole, self._retention, self._now)
        if guards.too_few(whole, stay):
            self.memory.alarm("few", "its retention would leave fewer than three runs")
            return
        unfinished = {run.id for run in self._runs if not run.is_whole and self._is_left(run, newest)}
        go = (set(whole) - stay) | unfinished
        # And what an earlier round began to forget and did not: it was killed, or somebody held the place.
        begun = set(self.memory.forgetting)
        here = [each for each, seen in self.memory.seen.items() if seen.run in go or each in begun]
        copies = self.memory.copies if self._second.folder else {}
        there = [each for each, run in copies.items() if run in go or each in begun]
        self.memory.forgetting = [*here, *there]
        self._save(self.memory)
        for place, ids in ((self._first, here), (self._second, there)):
            if ids:
                self._forget_in(place, ids)
        self._runs = tuple(run for run in self._runs if run.id not in go)

    def _forget_in(self, place: Restic, ids: Sequence[str]) -> None:
        """Who holds the place now, as a backup under way, comes first: next time is soon."""
        try:
            place.forget(ids)
        except ResticFailed as failed:
            if failed.code != LOCKED:
                raise

    def _seen_at(self, run: Run) -> datetime:
        return datetime.fromtimestamp(max(self.memory.seen[each.id].at for each in run.all), UTC)

    def _is_left(self, run: Run, newest: str) -> bool:
        return run.id < newest and all(
            seen.at < (self._now - _UNFINISHED).timestamp()
            for seen in self.memory.seen.values()
            if seen.run == run.id
        )

    def _is_check_due(self) -> bool:
        age = self._now.timestamp() - self.memory.checked
        return not 0 <= age < _CHECKED.total_seconds()

    def _check(self, is_full: bool) -> None:
        """Check the places that could be opened: at others restic would try for a quarter of an hour."""
        turn = f"{self.memory.checks % _PARTS + 1}/{_PARTS}"
        self.memory.checks += 1
        self.memory.checked = self._now.timestamp()
        for name, place in self._open.items():
            # Another part may be sound: only all of it tells that the damage is gone. What is elsewhere comes
            # over the network, so it is read when somebody asks for that.
            is_whole = is_full or name in self.memory.damage
            try:
                place.check("100%" if is_whole else turn if place.folder else "")
                self.memory.damage.pop(name, None)
            except ResticFailed as failed:
                self.memory.damage[name] = f"its check failed: {failed}"


def _trees(run: Run) -> set[str]:
    return {each.tree for each in run.snapshots}
