"""Each kind of fault once: nothing is lost, damage is noticed, nobody says 0 when something is missing."""

from pathlib import Path

import pytest

from tests.harness.faults import KINDS, LONG, Fault, Outcome
from tests.harness.place import Place, kill
from tests.harness.verdict import Verdict, judge, make_template

SEED = 1


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harness") / "template"
    make_template(folder)
    return folder


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LONG])
def test_nothing_is_lost_or_unnoticed(kind: str, template: Path, tmp_path: Path) -> None:
    verdict = judge(kind, SEED, template, tmp_path / "case")
    assert verdict.is_well, verdict.told


def _judged(monkeypatch: pytest.MonkeyPatch, fault: Fault, template: Path, folder: Path) -> Verdict:
    monkeypatch.setitem(KINDS, "doctored", fault)
    return judge("doctored", SEED, template, folder)


def test_a_run_that_is_gone_from_both_places_would_be_seen(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(place: Place, _: object) -> Outcome:
        for pack in (*place.first.glob("data/*/*"), *place.second.glob("data/*/*")):
            pack.chmod(0o600)
            pack.write_bytes(b"")
        return Outcome([], is_to_be_noticed=False)

    assert _judged(monkeypatch, lose, template, tmp_path / "case").lost


def test_a_script_that_says_0_and_saves_half_would_be_seen(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lie(place: Place, _: object) -> Outcome:
        place.dump_by("#!/bin/bash\nhead -c 1000 /mnt/database.sql\necho -e '\\n-- Dump completed'\n")
        return Outcome([place.backup()], is_to_be_noticed=False)

    assert _judged(monkeypatch, lie, template, tmp_path / "case").lied


def test_damage_that_nobody_looks_for_would_be_seen(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = _judged(monkeypatch, lambda *_: Outcome([]), template, tmp_path / "case")
    assert verdict.is_unnoticed


def test_a_kill_of_the_harness_itself_is_no_notice(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(place: Place, _: object) -> Outcome:
        return Outcome([kill(place.begin_backup())])

    assert _judged(monkeypatch, end, template, tmp_path / "case").is_unnoticed
