"""What looks wrong in a repository, to be looked at by a person before anything is forgotten in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from clearinghouse.upkeep.memory import Memory, Seen
from clearinghouse.upkeep.runs import AHEAD, Run, Snapshot, Told, began, run_of

FEWEST = 3
"""As many whole runs always stay, where there are as many."""
_LEFT = 0.5
"""A part that has less than this of the one before it has fallen."""
_FEW_FILES, _LITTLE = 20, 1024 * 1024
"""Falls smaller than this are nothing to look at."""
_BEHIND = timedelta(hours=6)
"""How long a run may take."""
Alarm = tuple[str, str]
"""Its key, and its sentence."""


def remember(memory: Memory, snapshots: Sequence[Told], now: datetime) -> None:
    """Remember what is new in a repository; alarm for what is gone or says an odd time."""
    for told in snapshots:
        identity = str(told["id"])
        if identity not in memory.seen:
            at, is_odd = believed(told, memory.cared, now)
            memory.seen[identity] = Seen(run_of(told) or "", at.timestamp())
            if is_odd:
                memory.alarm(f"time:{identity[:8]}", _odd_time(told, now))
    there = {str(told["id"]) for told in snapshots}
    for identity in sorted(set(memory.seen) - there):
        gone = memory.seen.pop(identity)
        if identity not in memory.forgetting:
            of = f" of {gone.run}" if gone.run else ""
            memory.alarm(
                f"gone:{identity[:8]}", f"the snapshot {identity[:8]}{of} is gone, and was not forgotten here"
            )


def remember_copies(memory: Memory, snapshots: Sequence[Told]) -> None:
    """The same for the second place, where nobody but upkeep adds anything."""
    there = {str(told["id"]): run_of(told) or "" for told in snapshots}
    for identity in sorted(set(memory.copies) - set(there) - set(memory.forgetting)):
        # Equal trees are read once: what is copied anew is to be read anew.
        memory.verified.clear()
        memory.alarm(
            f"gone:{identity[:8]}", f"the copy of {memory.copies[identity]} at the second place is gone"
        )
    memory.copies = there


def believed(told: Told, cared: float, now: datetime) -> tuple[datetime, bool]:
    """When a new snapshot was made, as far as its client is believed, and whether what that says is odd.

    It came after upkeep looked last. Before the first time nothing is known, and the client is believed.
    The run that it names says a time too.
    """
    said = _time(str(told["time"]))
    run = run_of(told)
    times = [said, began(run)] if run else [said]
    since = datetime.fromtimestamp(cared, UTC) - _BEHIND
    is_odd = max(times) > now + AHEAD or (cared > 0 and min(times) < since)
    return (now if is_odd else said), is_odd


def fallen(runs: Sequence[Run]) -> Iterator[Alarm]:
    """Alarm where the newest whole run has much less in it than the one before."""
    whole = [run for run in runs if run.is_whole]
    if len(whole) < 2:
        return
    newest, before = ({each.part: each for each in run.snapshots} for run in whole[:2])
    for part, old in before.items():
        if part not in newest:
            yield f"fall:{whole[0].id}:{part}", f"{whole[0].id} has no {part} any more"
        elif words := _fall(old, newest[part]):
            yield f"fall:{whole[0].id}:{part}", f"{whole[0].id} has much less than the run before it: {words}"


def strange(snapshots: Sequence[Told]) -> Iterator[Alarm]:
    """Alarm for snapshots that no run made."""
    for told in snapshots:
        if run_of(told) is None:
            identity = str(told["id"])[:8]
            yield f"strange:{identity}", f"no run made the snapshot {identity}, so somebody else did"


def broken(runs: Sequence[Run]) -> Iterator[Alarm]:
    """Alarm for a run that ended and of which something is not there."""
    for run in runs:
        if run.record and not run.is_whole:
            yield f"lacking:{run.id}", f"{run.id} ended, and lacks its {' and '.join(run.lacking) or 'parts'}"


def too_few(whole: Mapping[str, object], kept: frozenset[str]) -> bool:
    """Whether forgetting would leave too little."""
    return len(kept) < min(FEWEST, len(whole))


def _fall(old: Snapshot, new: Snapshot) -> str:
    if old.files - new.files >= _FEW_FILES and new.files < _LEFT * old.files:
        return f"{new.files} files, were {old.files}"
    if old.size - new.size >= _LITTLE and new.size < _LEFT * old.size:
        return f"{new.size} bytes of its {new.part}, were {old.size}"
    return ""


def _odd_time(told: Told, now: datetime) -> str:
    return (
        f"the snapshot {str(told['id'])[:8]} says that it was made at {str(told['time'])[:16]}"
        f"{f' in {run}' if (run := run_of(told)) else ''}, and came at {now:%Y-%m-%dT%H:%M}"
    )


def _time(text: str) -> datetime:
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return said if said.tzinfo else said.replace(tzinfo=UTC)
