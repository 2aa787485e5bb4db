"""The installation's own backup: made where stacks change, whole, in two places, and read back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.installation import Installation

pytestmark = pytest.mark.live

OWNER = "installation-local"


def _listed(installation: Installation) -> list[dict[str, Any]]:
    told = installation.chm("backup", "list", "installation", "--json").well().output
    return [json.loads(line) for line in told.splitlines()]


def _below(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def changed(installation: Installation) -> Iterator[str]:
    """The output of an `up` that changes something."""
    file = installation.root / "stacks/xs.yaml"
    before = file.read_text()
    installation.declare("xs.yaml", before + "# Changed.\n")
    yield installation.chm("up", "xs").well().output
    installation.declare("xs.yaml", before)


def test_an_up_that_changes_something_backs_the_installation_up(
    changed: str, installation: Installation
) -> None:
    newest = _listed(installation)[0]
    assert newest["run"] in changed
    assert newest["whole"]


def test_an_up_that_changes_nothing_does_not(installation: Installation) -> None:
    installation.chm("up", "xs").well()
    assert "back up the installation" not in installation.chm("up", "xs").well().output


def test_it_is_done_when_the_second_place_has_it(installation: Installation) -> None:
    told = installation.chm("backup", "now", "installation").well().output
    newest = _listed(installation)[0]
    assert newest["run"] in told
    assert newest["state"] == "done"
    assert (
        "was read and is sound" in installation.chm("backup", "check", "installation", "--data").well().output
    )
    status = installation.chm("status").well().output
    assert "installation, on local: backup 0 min" in status


@pytest.mark.parametrize("options", [(), ("--second",)])
def test_what_is_restored_is_all_of_stacks_and_the_state_and_no_passphrase(
    installation: Installation, tmp_path: Path, options: tuple[str, ...]
) -> None:
    installation.chm("backup", "now", "installation").well()
    into = tmp_path / "restored"
    installation.chm("restore", "installation", "--into", str(into), *options).well()
    assert _below(into / "installation/stacks") == _below(installation.root / "stacks")
    state = ".state/pulumi/.pulumi/stacks/clearinghouse/host-local.json"
    assert (into / "installation" / state).read_bytes() == (installation.root / state).read_bytes()
    certificates = installation.docker("exec", "chm-edge", "ls", "/data/caddy")
    assert certificates.split() == sorted(each.name for each in (into / "edge/caddy").iterdir())
    assert any((into / "upkeep").iterdir())
    passphrase = (installation.root / ".state/passphrase").read_bytes().strip()
    assert not any(passphrase in content for content in _below(into).values())


def test_nothing_of_it_stays_on_the_host_but_the_repository(installation: Installation) -> None:
    installation.chm("backup", "now", "installation").well()
    assert installation.docker("ps", "-aq", "--filter", "label=be.clearinghouse.helper") == ""
    owners = installation.docker("exec", "chm-upkeep", "find", f"/repositories/{OWNER}", "!", "-user", "2012")
    assert owners == ""


@pytest.fixture
def no_repository(installation: Installation) -> Iterator[None]:
    """A file is where the repository's folder should be, and a partner's file has changed."""
    declared = (installation.root / "stacks/xs.yaml").read_text()
    there, away = f"/repositories/{OWNER}", "/repositories/.away"
    installation.docker("exec", "chm-upkeep", "mv", there, away)
    installation.docker("exec", "chm-upkeep", "touch", there)
    installation.declare("xs.yaml", declared + "# Changed again.\n")
    yield
    installation.docker("exec", "chm-upkeep", "rm", there)
    installation.docker("exec", "chm-upkeep", "mv", away, there)
    installation.declare("xs.yaml", declared)


def test_a_failing_backup_is_told_and_undoes_nothing(no_repository: None, installation: Installation) -> None:
    done = installation.chm("up", "xs")
    assert (done.code, "repeat `chm backup now installation`" in done.output) == (1, True), done.output
    assert "Traceback" not in done.output
    assert "up xs: nothing to change" in done.output


def test_two_at_once_are_both_whole(installation: Installation) -> None:
    before = len(_listed(installation))
    both = [installation.begin("chm", "backup", "now", "installation") for _ in range(2)]
    told = [each.communicate(timeout=120)[0] for each in both]
    assert [each.returncode for each in both] == [0, 0], told
    assert all(run["whole"] for run in _listed(installation)[: len(_listed(installation)) - before])


def test_a_change_that_is_in_no_backup_for_more_than_a_day_makes_status_red(
    changed: str, installation: Installation
) -> None:
    installation.change("xs.yaml", "# Changed.", "# Changed, and not brought up.")
    installation.run(
        "find", "stacks", ".state/pulumi", "-exec", "touch", "-d", "2 days ago", "{}", "+"
    ).well()
    status = installation.chm("status")
    assert (status.code, "no backup has what was changed 2 days ago" in status.output) == (1, True)
    assert "the backups of the installation are not well" in status.output
    installation.chm("backup", "now", "installation").well()
    assert "no backup has" not in installation.chm("status").output
