"""Which backup is meant."""

from datetime import UTC, datetime

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate.backups import chosen
from clearinghouse.upkeep.runs import BEFORE, Run, runs_in

NOW = datetime(2027, 1, 31, 20, tzinfo=UTC)


def _told(run: str, digit: str, *, why: str = "", is_ended: bool = True) -> list[dict[str, object]]:
    files = digit * 64
    told: list[dict[str, object]] = [{"id": files, "time": run, "tags": [run, "files"]}]
    if is_ended:
        tags = [run, "record", f"files={files[:16]}", *([why] if why else [])]
        told.append({"id": f"{digit}0" * 32, "time": run, "tags": tags})
    return told


RUNS = runs_in(
    [
        *_told("run-20270130T021700Z-1a2b", "1"),
        *_told("run-20270131T021730Z-2a2b", "2"),
        *_told("run-20270131T080415Z-3a2b", "3", why=BEFORE),
        *_told("run-20270131T080501Z-4a2b", "4", is_ended=False),
    ],
    NOW,
)


def _is(run: Run) -> str:
    return run.id[-4]


def test_the_newest_whole_one_is_meant_that_no_restore_began_with() -> None:
    assert _is(chosen(RUNS, None, "cd")) == "2"
    assert _is(chosen(RUNS[:2], None, "cd")) == "3", "where there is no other"


@pytest.mark.parametrize(
    ("at", "run"),
    [
        ("2027-01-30", "1"),
        ("2027-01-31", "3"),
        ("2027-01-31 08:04", "3"),
        ("2027-01-31T08:04:14", "2"),
        ("2027-01-31T03:17+01:00", "2"),
        ("2027-01-31 02:16", "1"),
        ("run-20270131T0804", "3"),
        ("2" * 8, "2"),
    ],
)
def test_a_moment_means_the_newest_by_then_and_a_name_that_one(at: str, run: str) -> None:
    assert _is(chosen(RUNS, at, "cd")) == run


@pytest.mark.parametrize("at", ["yesterday", "2027-13-40", "31.01.2027", "T99:99", "", "2222"])
def test_what_is_neither_is_told(at: str) -> None:
    with pytest.raises(Trouble, match="should be a day or a moment such as 2027-01-31") as met:
        chosen(RUNS, at, "cd")
    assert met.value.exit_code == 2


@pytest.mark.parametrize("at", ["2026-12-31", "run-2026", "a" * 8])
def test_one_that_is_not_there_is_told(at: str) -> None:
    with pytest.raises(Trouble, match=f"there is no whole backup by {at}"):
        chosen(RUNS, at, "cd")


def test_one_that_is_not_whole_is_told() -> None:
    with pytest.raises(Trouble, match="run-20270131T080501Z-4a2b is not whole"):
        chosen(RUNS, "run-20270131T080501Z-4a2b", "cd")
