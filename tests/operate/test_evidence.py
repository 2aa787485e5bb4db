"""What a drill found is kept, read again, and says when the next one is due."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate import evidence
from clearinghouse.operate.evidence import Assertion, Evidence
from clearinghouse.operate.installation import files
from tests.operate.installed import make_installation
from tests.plan.partners import a_php_partner, a_standard_partner

CD = a_php_partner("cd")
NAMES = {"fr": "République démocratique du Congo"}
NOW = datetime.now(UTC).replace(microsecond=0)
PASSED = Evidence(
    partner="cd",
    tier="host-only",
    host="local",
    began=NOW,
    place="first",
    run="run-20270110T021700Z-1a2b",
    run_began=NOW - timedelta(hours=5, minutes=20),
    seconds={"restore": 61.5, "start": 9.0, "pages": 0.25},
    assertions=(
        Assertion("table wp_posts", "6 rows", "6 rows", holds=True),
        Assertion("page /", "200", "200", holds=True),
    ),
)
FAILED = replace(PASSED, assertions=(Assertion("page /", "200", "500 <b>", holds=False),))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_installation(tmp_path, monkeypatch)


def test_it_is_read_again_as_it_was_kept() -> None:
    evidence.keep(PASSED, NAMES)
    assert evidence.newest("cd") == PASSED
    assert PASSED.has_passed
    assert PASSED.recovery == 70.75


def test_the_newest_counts() -> None:
    evidence.keep(PASSED, NAMES)
    evidence.keep(replace(FAILED, began=NOW - timedelta(days=1)), NAMES)
    assert evidence.newest("cd") == PASSED
    assert evidence.fault(CD, NOW) is None


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "less than 1 s"), (41.4, "41 s"), (185.0, "3 min 05 s"), (19_200.0, "5 h 20 min")],
)
def test_a_page_says_within_what_time_the_site_served(seconds: float, told: str) -> None:
    page = evidence.keep(replace(PASSED, seconds={"restore": seconds}), NAMES).read_text()
    assert f"and served from there within {told}." in page


def test_a_page_shows_it_without_anything_beside_itself(here: Path) -> None:
    page = evidence.keep(PASSED, NAMES).read_text()
    country = '<bdi lang="fr">République démocratique du Congo</bdi> (cd)'
    assert f"The backup of {country} can be restored" in page
    assert "5 h 20 min" in page
    assert "1 min" not in page.split("Recovery time")[0]
    assert "src=" not in page
    assert "href=" not in page


def test_what_did_not_hold_is_on_the_page_and_harmless_there() -> None:
    page = evidence.keep(FAILED, NAMES).read_text()
    assert "could not be shown to work" in page
    assert "page /: should be 200, was 500 &lt;b&gt;" in page
    assert "<b>" not in page


def test_a_drill_that_ended_before_it_looked_has_not_passed() -> None:
    ended = replace(PASSED, assertions=(), trouble="stack cd: there is no whole backup")
    assert not ended.has_passed
    assert "there is no whole backup" in evidence.keep(ended, NAMES).read_text()
    assert not replace(ended, trouble="").has_passed


def test_a_failed_one_is_a_fault_until_one_passes() -> None:
    evidence.keep(replace(FAILED, began=NOW - timedelta(hours=1)), NAMES)
    told = evidence.fault(CD, NOW)
    assert told
    assert "page /: should be 200, was 500 <b>; `chm drill cd` tries it again" in told
    assert evidence.is_due(CD)
    evidence.keep(PASSED, NAMES)
    assert evidence.fault(CD, NOW) is None
    assert not evidence.is_due(CD)


def test_one_is_due_after_a_week_and_overdue_a_day_later() -> None:
    for days, is_due, is_fault in ((6, False, False), (7, True, False), (9, True, True)):
        evidence.keep(replace(PASSED, began=NOW - timedelta(days=days)), NAMES)
        assert evidence.is_due(CD) is is_due
        assert (evidence.fault(CD, NOW) is not None) is is_fault
        for file in Path("drills/cd").iterdir():
            file.unlink()


def test_before_the_first_one_the_age_of_the_oldest_backup_counts() -> None:
    bj = a_standard_partner("bj")
    assert evidence.is_due(bj)
    assert evidence.fault(bj, NOW) is None
    told = evidence.fault(bj, NOW - timedelta(days=12))
    assert told == "its backup was not tried for 12 days; `chm drill bj` tries it again"


def test_it_is_in_the_installations_backup() -> None:
    page = evidence.keep(PASSED, NAMES)
    assert str(page.relative_to(Path.cwd())) in files()
    assert f"drills/cd/{page.stem}.json" in files()


def test_a_file_that_somebody_spoilt_is_named(here: Path) -> None:
    evidence.keep(PASSED, NAMES)
    (file,) = here.glob("drills/cd/*.json")
    file.write_text(json.dumps({"partner": "cd"}))
    with pytest.raises(Trouble, match=rf"drills/cd/{file.name}: should be what a drill wrote"):
        evidence.newest("cd")
