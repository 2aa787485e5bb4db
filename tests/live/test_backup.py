"""Backups of a partner: made, listed, restored, and out of reach of whoever took the site over."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.live.installation import Installation
from tests.live.test_wordpress import TEXT, TITLE, _png
from tests.live.wordpress import WordPress, put

pytestmark = pytest.mark.live

NAME = "cd.chm.localhost"
UPLOADS = "site/wp-content/uploads"
RESTIC = """
export RESTIC_REPOSITORY=rest:http://repository:8000/cd/ RESTIC_PASSWORD_FILE=/run/secrets/repository_password
export RESTIC_REST_USERNAME=cd RESTIC_REST_PASSWORD=$(cat /run/secrets/http_password)
"""


@dataclass(frozen=True)
class BackedUp:
    """A WordPress with a post and a picture, of which there is a backup."""

    wordpress: WordPress
    picture: str
    told: str
    seconds: float


@pytest.fixture(scope="module")
def site(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackedUp]:
    wordpress = put(installation, "cd", tmp_path_factory.mktemp("wordpress") / "site")
    picture = tmp_path_factory.mktemp("picture") / "okapi.png"
    picture.write_bytes(_png())
    wordpress.write_post(TITLE, TEXT)
    uploaded = wordpress.upload(picture).split("/wp-content/uploads/")[1]
    done = installation.chm("backup", "now", "cd").well()
    yield BackedUp(wordpress, uploaded, done.output, done.seconds)
    wordpress.session.close()


def _runs(installation: Installation) -> list[dict[str, Any]]:
    listed = installation.chm("backup", "list", "cd", "--json").well().output
    return [json.loads(line) for line in listed.splitlines()]


def _in_backup(installation: Installation, script: str) -> tuple[int, str]:
    """Run a script in the backup container, as whoever took it over could."""
    done = installation.run("docker", "exec", "chm-cd-backup", "bash", "-c", script)
    return done.code, done.output


def test_a_backup_tells_its_run_and_its_sizes(site: BackedUp) -> None:
    assert "run-" in site.told
    assert "files" in site.told
    assert "database" in site.told


def test_files_and_dump_bear_the_id_of_one_run(site: BackedUp, installation: Installation) -> None:
    newest = _runs(installation)[0]
    assert newest["whole"]
    assert newest["run"] in site.told
    assert [snapshot["part"] for snapshot in newest["snapshots"]] == ["files", "database"]
    assert newest["run"] in installation.chm("backup", "list", "cd").well().output


def test_the_repository_is_sound_to_the_last_byte(site: BackedUp, installation: Installation) -> None:
    assert "was read and is sound" in installation.chm("backup", "check", "cd", "--data").well().output


def test_status_tells_the_age_of_the_newest_backup(site: BackedUp, installation: Installation) -> None:
    assert " min" in installation.chm("status", "cd").well().output


def test_a_restore_gives_every_byte_back_and_a_dump_with_the_post(
    site: BackedUp, installation: Installation, tmp_path: Path
) -> None:
    into = tmp_path / "restored"
    installation.chm("restore", "cd", "--into", str(into)).well()
    assert (into / UPLOADS / site.picture).read_bytes() == _png()
    sums = "cd /site && find . -type f -print0 | sort -z | xargs -0 sha256sum"
    there = installation.docker("exec", "chm-cd-backup", "bash", "-c", sums)
    here = subprocess.run(
        ["bash", "-c", sums.replace("/site", str(into / "site"))], capture_output=True, text=True, check=True
    ).stdout
    assert len(here.splitlines()) > 1000
    assert here == there + "\n" or here == there
    dump = (into / "database.sql").read_text()
    assert TEXT in dump
    assert dump.rstrip().splitlines()[-1].startswith("-- Dump completed")


def test_one_file_is_restored_alone(site: BackedUp, installation: Installation, tmp_path: Path) -> None:
    path = f"/{UPLOADS}/{site.picture}"
    installation.chm("restore", "cd", "--into", str(tmp_path / "one"), "--path", path).well()
    found = [file for file in (tmp_path / "one").rglob("*") if file.is_file()]
    assert [file.read_bytes() for file in found] == [_png()]


def test_a_folder_may_be_named_from_where_one_is(site: BackedUp, installation: Installation) -> None:
    path = f"/{UPLOADS}/{site.picture}"
    installation.chm("restore", "cd", "--into", ".state/one", "--path", path).well()
    assert (installation.root / ".state/one" / path.lstrip("/")).read_bytes() == _png()


def test_one_folder_is_restored_alone_at_its_place(
    site: BackedUp, installation: Installation, tmp_path: Path
) -> None:
    installation.chm("restore", "cd", "--into", str(tmp_path / "some"), "--path", f"/{UPLOADS}").well()
    assert (tmp_path / "some" / UPLOADS / site.picture).read_bytes() == _png()
    assert not (tmp_path / "some/site/index.php").exists()


def test_what_is_not_in_a_backup_is_told(site: BackedUp, installation: Installation, tmp_path: Path) -> None:
    done = installation.chm("restore", "cd", "--into", str(tmp_path / "no"), "--path", "/site/none.txt")
    assert done.code == 2
    assert "/site/none.txt is not in the backup" in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(
    site: BackedUp, installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = installation.chm("restore", "cd", "--into", str(tmp_path))
    assert done.code == 2
    assert "should be a folder that is empty" in done.output


def test_two_runs_never_overlap(site: BackedUp, installation: Installation) -> None:
    held = "exec 9>/run/lock && flock 9 && backup now; exit $?"
    code, told = _in_backup(installation, held)
    assert code == 1
    assert "another run is under way" in told


def test_a_dump_that_fails_makes_no_snapshot_and_no_whole_run(
    site: BackedUp, installation: Installation
) -> None:
    before = _runs(installation)
    account = "ALTER USER 'backup'@'%' ACCOUNT {};"
    database = ("exec", installation.containers("cd")["database"], "mariadb", "-e")
    installation.docker(*database, account.format("LOCK"))
    try:
        done = installation.chm("backup", "now", "cd")
    finally:
        installation.docker(*database, account.format("UNLOCK"))
    assert done.code == 1
    assert "the database could not be dumped" in done.output
    failed, *rest = _runs(installation)
    assert rest == before
    assert not failed["whole"]
    assert [snapshot["part"] for snapshot in failed["snapshots"]] == ["files"]


def test_a_dump_that_ends_half_makes_no_snapshot(site: BackedUp, installation: Installation) -> None:
    half = "restic backup --host cd --tag half --stdin-from-command -- bash -c 'echo begun; exit 1'"
    code, _ = _in_backup(installation, RESTIC + half)
    assert code != 0
    assert _in_backup(installation, f"{RESTIC} restic snapshots --json --tag half")[1].strip() == "[]"


def test_a_second_backup_adds_little(site: BackedUp, installation: Installation) -> None:
    said = installation.chm("backup", "now", "cd", "--json").well().output.splitlines()
    sums = [told for line in said if (told := json.loads(line))["message_type"] == "summary"]
    assert sums[0]["files_new"] == 0
    assert sums[0]["data_added"] < 1024 * 1024


def test_the_account_of_dumps_can_change_nothing(site: BackedUp, installation: Installation) -> None:
    client = "mariadb --defaults-extra-file=/run/database.cnf site -e"
    for statement in ("DELETE FROM wp_posts", "DROP TABLE wp_posts", "CREATE TABLE t (a INT)"):
        code, told = _in_backup(installation, f"{client} '{statement}'")
        assert code != 0
        assert "denied" in told
    assert _in_backup(installation, f"{client} 'SELECT User FROM mysql.global_priv'")[0] != 0


def test_who_has_the_client_can_delete_and_overwrite_nothing(
    site: BackedUp, installation: Installation
) -> None:
    before = _runs(installation)
    ids = 'grep -o \'"id":"[0-9a-f]*"\' | cut -d \'"\' -f 4'
    attempts = [
        "restic forget --prune --keep-last 1 --group-by ''",
        f"restic forget $(restic snapshots --json | {ids} | head -1)",
    ]
    for attempt in attempts:
        # Restic's `forget` ends with 0 also where it was refused, so it is judged by what is left.
        _, told = _in_backup(installation, RESTIC + attempt)
        assert "403 Forbidden" in told, attempt
        assert _runs(installation) == before
    # What is not listed by a client of restic's, but can be said to its server.
    said = RESTIC + (
        'at() { exec 3<>/dev/tcp/repository/8000; printf "$1 HTTP/1.0\\r\\nAuthorization: Basic %s\\r\\n'
        'Content-Length: 1\\r\\n\\r\\nx" "$(printf cd:%s "$RESTIC_REST_PASSWORD" | base64 -w0)" >&3;'
        " head -1 <&3; }\n"
        'snapshot=$(restic snapshots --json | grep -o \'"id":"[0-9a-f]*"\' | head -1 | cut -d \'"\' -f 4)\n'
        'at "DELETE /cd/snapshots/$snapshot"; at "POST /cd/snapshots/$snapshot"; at "DELETE /cd/config"\n'
        'key=$(restic list keys | head -1); at "DELETE /cd/keys/$key"\n'
        'at "POST /cd/config"; at "DELETE /cd/"; at "GET /other/config"; at "GET /cd/../other/config"\n'
    )
    _, told = _in_backup(installation, said)
    answers = [line.split()[1] for line in told.splitlines() if line.startswith("HTTP/")]
    assert len(answers) == 8
    # The server sends a path with dots to the one it means, which is refused in turn.
    assert all(answer[0] in "34" for answer in answers), told
    assert _runs(installation) == before
    installation.chm("backup", "check", "cd", "--data").well()


def test_the_backup_has_no_way_out_and_writes_no_data(site: BackedUp, installation: Installation) -> None:
    for address in ("1.1.1.1/443", f"{installation.host.ipv4}/443", "169.254.169.254/80"):
        assert _in_backup(installation, f"timeout 3 bash -c ': </dev/tcp/{address}'")[0] != 0, address
    code, told = _in_backup(installation, f"touch /{UPLOADS}/x; touch /site/x; touch /repository/x")
    assert code != 0
    assert told.count("touch: ") == 3


def test_nothing_of_the_site_reaches_the_repository(site: BackedUp, installation: Installation) -> None:
    app = installation.containers("cd")["app"]
    address = installation.docker(
        "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", "chm-cd-repository"
    ).strip()
    for name in ("repository", address):
        tried = installation.run(
            "docker", "exec", app, "timeout", "3", "bash", "-c", f": </dev/tcp/{name}/8000"
        )
        assert tried.code != 0, name


def test_a_run_that_is_due_is_made_and_one_that_is_not_is_left(
    site: BackedUp, installation: Installation
) -> None:
    before = len(_runs(installation))
    assert _in_backup(installation, "backup due")[0] == 0
    assert len(_runs(installation)) == before
    # The time of the run is set to the second that just passed: the newest one is before it.
    second = "$(( $(date +%s) - $(date -u -d '12:00' +%s) + 43200 ))"
    code, told = _in_backup(installation, f"BACKUP_ZONE=UTC BACKUP_SECOND={second} backup due")
    assert (code, "done" in told) == (0, True)
    assert len(_runs(installation)) == before + 1


def test_a_preview_after_a_backup_is_empty(site: BackedUp, installation: Installation) -> None:
    installation.preview("cd").well()
