"""A second place that is elsewhere: a rest-server that takes nothing back, behind a password."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clearinghouse.upkeep.care import DONE, HALF
from clearinghouse.upkeep.program import Upkeep
from clearinghouse.upkeep.restic import ResticFailed
from tests.lab.rest_server import USER, Elsewhere
from tests.upkeep.conftest import CODE, Bench, flip_a_bit


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    server = Elsewhere(tmp_path / "elsewhere")
    server.begin()
    yield server
    server.end()


@pytest.fixture
def upkeep(bench: Bench, elsewhere: Elsewhere) -> Upkeep:
    (bench.folders.secrets / "second_access").write_text(elsewhere.access)
    (bench.folders.secrets / "second_authority").write_text(elsewhere.authority)
    return Upkeep(bench.folders, f"{elsewhere.repository}/", lambda: bench.now)


def test_a_run_is_done_when_it_was_read_back_elsewhere(bench: Bench, upkeep: Upkeep) -> None:
    run = bench.backup()
    report = upkeep.care(CODE)
    assert report.is_well, report
    assert report.runs == {run: DONE}
    assert "rest:https" in upkeep.line(CODE, report)


def test_nothing_is_forgotten_elsewhere(bench: Bench, upkeep: Upkeep, elsewhere: Elsewhere) -> None:
    for _ in range(4):
        bench.backup()
        assert upkeep.care(CODE).is_well
        bench.pass_time(days=30)
    bench.pass_time(days=30)
    bench.backup()
    report = upkeep.care(CODE)
    assert report.is_well, report
    assert len(report.runs) < 5
    assert len(os.listdir(elsewhere.data / USER / CODE / "snapshots")) == 10


def test_a_place_that_is_away_leaves_the_run_half_until_it_is_back(
    bench: Bench, upkeep: Upkeep, elsewhere: Elsewhere
) -> None:
    run = bench.backup()
    elsewhere.end()
    report = upkeep.care(CODE)
    assert report.runs == {run: HALF}
    assert report.faults[0].startswith("second place: ")
    elsewhere.begin()
    report = upkeep.care(CODE)
    assert (report.is_well, report.runs) == (True, {run: DONE}), report


def test_a_flipped_bit_is_found_elsewhere_by_whoever_asks_for_all_of_it(
    bench: Bench, upkeep: Upkeep, elsewhere: Elsewhere
) -> None:
    run = bench.backup()
    assert upkeep.care(CODE).is_well
    flip_a_bit(elsewhere.data / USER / CODE / "data")
    for is_full in (True, False):
        report = upkeep.care(CODE, is_full=is_full)
        assert [fault.split(":")[0] for fault in report.faults] == ["second place"]
        assert report.runs == {run: HALF}


def test_a_server_of_an_unknown_authority_is_not_trusted(
    bench: Bench, upkeep: Upkeep, elsewhere: Elsewhere
) -> None:
    (bench.folders.secrets / "second_authority").unlink()
    with pytest.raises(ResticFailed, match="unknown authority"):
        upkeep.second(CODE).run("cat", "config", "--no-lock", seconds=5)


def test_who_has_the_password_on_paper_gets_into_the_copies(
    bench: Bench, upkeep: Upkeep, elsewhere: Elsewhere
) -> None:
    bench.backup()
    assert upkeep.care(CODE).is_well
    paper = bench.folders.secrets / f"{CODE}_password"
    paper.write_text("from paper")
    second = replace(upkeep.second(CODE), password_file=str(paper))
    assert not second.opens()
    for _ in range(2):
        assert upkeep.care(CODE).is_well
        assert second.opens()
        assert len(os.listdir(elsewhere.data / USER / CODE / "keys")) == 2
