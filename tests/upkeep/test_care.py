"""Rounds of upkeep: a backup is done when the second place has it, and nothing that is lost goes unsaid."""

import os
import random
import shutil
import subprocess
from pathlib import Path

from clearinghouse.upkeep.care import DONE, HALF, NOT_WHOLE
from tests.upkeep.conftest import CODE, Bench, flip_a_bit


def test_a_whole_run_is_done_when_the_second_place_has_it(bench: Bench) -> None:
    run = bench.backup()
    report = bench.care()
    assert report.is_well
    assert report.runs == {run: DONE}
    told = bench.restic("ls", "latest", "--tag", "files", of="maintenance", at=bench.second)
    assert "page-29.html" in told


def test_a_run_that_never_ended_is_not_copied_and_is_told(bench: Bench) -> None:
    run = bench.backup(is_ended=False)
    report = bench.care()
    assert report.runs == {run: NOT_WHOLE}
    assert report.is_well, "it may be under way"
    bench.pass_time(hours=4)
    report = bench.care()
    assert report.faults == (f"first place: {run} never ended",)
    assert not bench.second.exists()


def test_a_second_place_that_is_somebody_elses_leaves_the_run_half(bench: Bench) -> None:
    run = bench.backup()
    password = bench.folders.secrets / "client_password"
    subprocess.run(["restic", "init", "-q", "--repo", bench.second, "--password-file", password], check=True)
    report = bench.care()
    assert report.runs == {run: HALF}
    assert report.faults[0].startswith("second place: ")
    shutil.rmtree(bench.second)
    assert bench.care().runs == {run: DONE}


def test_a_snapshot_that_went_is_told_until_somebody_has_looked(bench: Bench) -> None:
    bench.backup()
    bench.care()
    gone = bench.snapshots(bench.first)[0]
    (bench.first / "snapshots" / gone).unlink()
    copies = bench.snapshots(bench.second)
    for _ in range(2):
        report = bench.care()
        assert f"the snapshot {gone[:8]}" in report.alarms[0]
        assert bench.snapshots(bench.second) == copies
    bench.upkeep.trust(CODE)
    # The run itself is no longer whole at the first place, which is another thing to look at.
    assert all(gone[:8] not in text for text in bench.care().alarms)


def test_copies_that_went_are_told_and_made_again(bench: Bench) -> None:
    run = bench.backup()
    bench.care()
    shutil.rmtree(bench.second)
    report = bench.care()
    assert report.runs == {run: DONE}
    assert f"the copy of {run} at the second place is gone" in report.alarms


def test_times_that_a_client_forges_are_told_and_make_nothing_go(bench: Bench) -> None:
    for _ in range(4):
        bench.backup()
        bench.care()
        bench.pass_time(days=1)
    bench.backup(when=bench.now.replace(year=2040))
    report = bench.care()
    assert "says that it was made at 2040-" in report.alarms[0]
    assert len(report.runs) == 5
    bench.upkeep.trust(CODE)
    bench.pass_time(days=1)
    bench.backup()
    assert len(bench.care().runs) == 6


def test_a_site_that_shrinks_at_once_is_told_and_nothing_is_forgotten(bench: Bench) -> None:
    bench.backup()
    bench.care()
    bench.pass_time(days=40)
    bench.files = {"index.html": "hacked"}
    run = bench.backup()
    report = bench.care()
    assert f"{run} has much less than the run before it: 1 files, were 30" in report.alarms
    assert len(report.runs) == 2


def test_a_snapshot_that_no_run_made_is_told(bench: Bench) -> None:
    bench.backup()
    strange = bench.save("mine", str(bench.folders.run))
    assert bench.care().alarms == (f"no run made the snapshot {strange[:8]}, so somebody else did",)


def test_old_runs_go_from_both_places_by_the_policy(bench: Bench) -> None:
    for _ in range(12):
        bench.files[f"day-{bench.now:%d}.html"] = "news"
        bench.backup()
        report = bench.care()
        assert report.is_well, report
        bench.pass_time(days=1)
    # Seven days, and the newest of the week before.
    assert 7 <= len(report.runs) <= 9
    assert set(report.runs.values()) == {DONE}
    for place in (bench.first, bench.second):
        assert len(bench.snapshots(place)) == 2 * len(report.runs)
    assert bench.care(is_full=True).is_well


def test_a_round_that_was_killed_while_it_forgot_is_finished_without_an_alarm(bench: Bench) -> None:
    bench.backup()
    bench.care()
    for _ in range(3):
        bench.pass_time(days=30)
        bench.backup()
        bench.care()
    bench.pass_time(days=60)
    bench.backup()
    before = bench.snapshots(bench.first)
    bench.killed_round()
    assert len(bench.snapshots(bench.first)) < len(before)
    report = bench.care()
    assert report.is_well, report
    assert len(bench.snapshots(bench.second)) == len(bench.snapshots(bench.first))


def test_what_one_place_did_not_forget_goes_next_time(bench: Bench) -> None:
    for _ in range(4):
        bench.backup()
        bench.care()
        bench.pass_time(days=30)
    bench.pass_time(days=30)
    bench.backup()
    bench.care_before_forgetting()
    # The second place as it was before, which is what a kill between the two leaves.
    shutil.copytree(bench.second, bench.folders.run / "before")
    bench.killed_round()
    assert bench.snapshots(bench.second) != bench.snapshots(bench.folders.run / "before")
    shutil.rmtree(bench.second)
    shutil.move(bench.folders.run / "before", bench.second)
    report = bench.care()
    assert report.is_well, report
    assert len(bench.snapshots(bench.second)) == 2 * len(report.runs)


def test_a_run_that_says_it_is_of_the_future_is_told_and_never_the_newest(bench: Bench) -> None:
    true = bench.backup()
    bench.care()
    saved = bench.save("run-20400101T000000Z-dead,files", str(bench.folders.run))
    bench.save(f"run-20400101T000000Z-dead,record,files={saved[:16]}", str(bench.folders.run))
    report = bench.care()
    assert any("in run-20400101T000000Z-dead, and came at 2027-" in text for text in report.alarms)
    assert next(iter(report.runs)) == true


def test_what_is_copied_anew_is_read_anew(bench: Bench) -> None:
    bench.backup()
    bench.care()
    first = bench.memory.verified
    assert first
    shutil.rmtree(bench.second)
    bench.pass_time(hours=1)
    bench.care()
    assert bench.memory.verified.keys() == first.keys()
    assert min(bench.memory.verified.values()) > max(first.values())


def test_a_flipped_bit_is_found_at_either_place_and_the_other_still_gives_all(bench: Bench) -> None:
    bench.backup()
    bench.care()
    for damaged, whole, name in (
        (bench.first, bench.second, "first place"),
        (bench.second, bench.first, "second place"),
    ):
        shutil.copytree(damaged / "data", bench.folders.run / "sound")
        flip_a_bit(damaged / "data")
        report = bench.care(is_full=True)
        assert [fault.split(":")[0] for fault in report.faults] == [name]
        assert set(report.runs.values()) == {HALF if damaged == bench.second else DONE}
        assert bench.care().faults == report.faults, "also told when nothing is checked"
        bench.restic("check", "--read-data", of="maintenance", at=whole)
        shutil.rmtree(damaged / "data")
        shutil.move(bench.folders.run / "sound", damaged / "data")
        assert bench.care(is_full=True).is_well


def test_damage_stays_told_when_later_checks_read_other_parts(bench: Bench) -> None:
    bench.files["book.html"] = random.Random(1).randbytes(10_000).hex()
    bench.backup()
    bench.care()
    flip_a_bit(bench.second / "data")
    bench.care(is_full=True)
    for _ in range(3):
        bench.pass_time(days=1)
        assert [fault.split(":")[0] for fault in bench.care().faults] == ["second place"]


def test_a_lost_memory_is_told_and_nothing_is_forgotten(bench: Bench) -> None:
    bench.backup()
    bench.care()
    for file in bench.folders.memory.glob("*.json"):
        file.write_text("{half")
    assert "what upkeep knew of it is lost" in bench.care().alarms[0]


def test_another_repository_in_its_place_is_told(bench: Bench) -> None:
    bench.backup()
    bench.care()
    shutil.rmtree(bench.first)
    bench.restic("init")
    bench.restic("key", "add", "--new-password-file", bench.folders.password)
    assert "another repository is in its place" in bench.care().alarms


def test_locks_of_the_dead_go_and_those_of_the_living_stay(bench: Bench) -> None:
    bench.backup()
    (bench.first / "locks" / ("a" * 64)).write_text("")
    bench.care()
    bench.pass_time(minutes=40)
    bench.care()
    assert os.listdir(bench.first / "locks") == []
    with bench.backup_under_way() as lock:
        assert bench.care().is_well
        assert lock.exists()


def test_a_password_that_opens_nothing_is_one_sentence(bench: Bench) -> None:
    bench.backup()
    Path(bench.folders.password).write_text("another")
    (fault,) = bench.care().faults
    assert fault.startswith("first place: wrong password")


def test_one_more_key_opens_both_places(bench: Bench) -> None:
    bench.backup()
    bench.care()
    bench.upkeep.add_key(CODE, "on paper")
    (bench.folders.secrets / "paper_password").write_text("on paper")
    for place in (bench.first, bench.second):
        assert "files" in bench.restic("snapshots", of="paper", at=place)
