"""`chm audit coverage`: what runs and what was saved, held against what is declared."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.installation import Installation
from tests.live.test_backup import RESTIC

pytestmark = pytest.mark.live

LABELS = ("--label", "be.clearinghouse.owner=cd", "--label", "be.clearinghouse.role=wiki")


@pytest.fixture(scope="module")
def saved(installation: Installation) -> str:
    """The output of an audit after a backup."""
    installation.put("cd", {"index.php": "<?php echo 'here';"})
    installation.chm("backup", "now", "cd").well()
    return installation.chm("audit", "coverage", "cd").well().output


@pytest.fixture
def by_hand(saved: str, installation: Installation) -> Iterator[str]:
    """A container that somebody started, with a volume and a folder of the host."""
    image = installation.docker("inspect", "-f", "{{.Image}}", "chm-cd-backup").strip()
    installation.docker(
        "run", "--detach", "--name", "wiki", *LABELS, "--network", "none", "--entrypoint", "sleep",
        "--volume", "wiki-data:/data", "--volume", "/var/tmp:/files:ro", image, "infinity",
    )  # fmt: skip
    yield "wiki"
    installation.docker("rm", "--force", "wiki")
    installation.docker("volume", "rm", "wiki-data")


@pytest.fixture
def half_a_site(saved: str, installation: Installation) -> Iterator[str]:
    """A run that looks whole and was made of other folders than those with the data; another one follows."""
    code = (
        RESTIC + "run=run-$(date -u +%Y%m%dT%H%M%SZ)-0000\n"
        'save() { restic backup --json --host cd --tag "$run,$1" "${@:2}" |'
        " grep -o '\"snapshot_id\":\"[0-9a-f]*' | cut -d '\"' -f 4; }\n"
        "files=$(save files -- /site/index.php)\n"
        "save record,files=$files --stdin --stdin-filename record <<<x >&2\n"
        "echo $run\n"
    )
    yield installation.docker("exec", "chm-cd-backup", "bash", "-c", code).strip().splitlines()[-1]
    installation.chm("backup", "now", "cd")


def _audit(installation: Installation, code: int, *codes: str) -> list[dict[str, Any]]:
    done = installation.chm("audit", "coverage", *codes, "--json")
    assert done.code == code, done.output
    return [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]


def test_a_partner_whose_data_is_backed_up_is_well(saved: str, installation: Installation) -> None:
    newest = installation.chm("backup", "list", "cd", "--json").well().output.splitlines()[0]
    run = json.loads(newest)["run"]
    assert f"2 volumes and a database are in {run}, 0 min old" in saved


def test_all_partners_are_looked_at_where_none_is_named(saved: str, installation: Installation) -> None:
    installation.chm("backup", "now", "xs").well()
    found = {each["partner"]: each for each in _audit(installation, 0)}
    assert {"bj", "cd", "ma", "xs"} <= set(found)
    assert found["cd"]["database"]
    assert found["bj"]["volumes"] == found["bj"]["missing"] == []
    assert len(found["xs"]["volumes"]) == 1


def test_a_volume_and_a_folder_that_nobody_declared_are_named(
    by_hand: str, installation: Installation
) -> None:
    (cd,) = _audit(installation, 1, "cd")
    told = "\n".join(cd["missing"])
    assert "wiki has wiki-data at /data, which is in no backup" in told
    assert "wiki has /var/tmp at /files, which is in no backup" in told
    assert len(cd["missing"]) == 2


def test_what_is_missing_is_told_to_people_with_the_next_step(
    by_hand: str, installation: Installation
) -> None:
    done = installation.chm("audit", "coverage", "cd")
    assert done.code == 1
    assert "cd: wiki has wiki-data at /data" in done.output
    assert "`docker rm --force wiki`" in done.output
    assert "1 of 1 partners has data in no backup" in done.output


def test_a_run_that_lacks_folders_and_the_database_is_named(
    half_a_site: str, installation: Installation
) -> None:
    (cd,) = _audit(installation, 1, "cd")
    told = "\n".join(cd["missing"])
    assert cd["run"] == half_a_site
    assert f"{half_a_site} has no database" in told
    assert f"{half_a_site} lacks /site/wp-content/uploads, the volume chm-cd-writable-" in told


def test_a_backup_that_was_stopped_is_named(saved: str, installation: Installation) -> None:
    installation.docker("stop", "chm-cd-backup")
    try:
        (cd,) = _audit(installation, 1, "cd")
    finally:
        installation.docker("start", "chm-cd-backup")
    assert cd["missing"] == ["its container backup does not run; `chm up cd` starts it"]
