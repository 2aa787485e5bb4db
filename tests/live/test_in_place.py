"""A site comes back where it is, from either place, while it is written to; and drills show that it would."""

import json
import random
import re
import time
from collections.abc import Iterator

import pytest

from tests.lab import wait_until
from tests.live.installation import Done, Installation
from tests.live.power import lose_power, lose_power_at_a_new
from tests.live.site import Site, a_site, writing

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def site(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(installation, tmp_path_factory) as filled:
        filled.run = _run(installation.chm("backup", "now", "cd"))
        yield filled


def test_all_of_it_comes_back_while_it_is_written_to(site: Site) -> None:
    with writing(site.here) as writer:
        wait_until(lambda: bool(writer.written), "somebody writes", 60)
        site.destroy()
        done = site.here.chm("restore", "cd", "--in-place", "--at", site.run)
        assert "all of it read back, and as in the backup" in done.well().output
        after = time.monotonic()
        wait_until(lambda: writer.written[-1] > after, "somebody writes again", 60)
    site.check()
    assert site.generations() == {2}
    assert {"chm-cd-site-g1", "chm-cd-database-g1"} <= site.volumes()
    site.here.preview("cd").well()


def test_that_a_destroyed_site_was_saved_is_an_alarm_until_somebody_has_looked(site: Site) -> None:
    done = site.here.chm("backup", "check", "cd")
    assert "has much less than the run before it: 0 files, were" in done.output
    site.here.chm("backup", "trust", "cd").well()
    site.here.chm("backup", "now", "cd").well()


def test_a_configuration_of_before_takes_nothing_back(site: Site) -> None:
    settings = site.here.root / "stacks/Pulumi.cd.yaml"
    now = settings.read_text()
    settings.write_text(re.sub(r"  clearinghouse:generations:\n(    .*\n)+", "", now))
    assert settings.read_text() != now
    commands = (
        *(("up", "cd"), ("preview", "cd"), ("restore", "cd", "--in-place"), ("down", "cd")),
        *(("put", "cd", "docs"), ("status", "cd"), ("audit", "coverage", "cd")),
    )
    try:
        for command in commands:
            done = site.here.chm(*command)
            assert done.code == 1, command
            told = " ".join(done.output.split())
            assert re.search(r"data is in chm-cd-[\w-]+-g2, and stacks/Pulumi.cd.yaml says another", told)
            assert "--plaintext generations.database=2" in told
            assert "--plaintext database=mariadb-10.11" in told
    finally:
        settings.write_text(now)
    site.check()
    site.here.chm("up", "cd").well()


def test_a_file_is_put_back_alone_while_the_site_serves(site: Site) -> None:
    site.in_site("echo hacked >/site/index.php; rm -r /site/wp-includes/images")
    for path in ("/site/index.php", "/site/wp-includes/images"):
        site.here.chm("restore", "cd", "--in-place", "--path", path, "--at", site.run).well()
    site.in_site("cd /site && ! grep -q hacked index.php && ls wp-includes/images/*.png && ! ls -d .put-back")
    site.check()
    assert site.generations() == {2}


def test_uploads_alone_come_back_and_posts_of_today_stay(site: Site) -> None:
    post = site.wordpress.write_post("D’aujourd’hui", "Un texte de ce matin.")
    site.in_site("rm -r /site/wp-content/uploads/*")
    uploads = "/site/wp-content/uploads"
    site.here.chm("restore", "cd", "--in-place", "--path", uploads, "--at", site.run).well()
    assert "Un texte de ce matin." in site.wordpress.read(post)
    site.check()


def test_a_folder_that_was_empty_is_empty_again(site: Site) -> None:
    uploads = "/site/wp-content/uploads"
    site.in_site(f"find {uploads} -mindepth 1 -delete")
    run = _run(site.here.chm("backup", "now", "cd"))
    site.in_site(f"echo other >{uploads}/intruder.txt")
    site.here.chm("restore", "cd", "--in-place", "--at", run, "--path", uploads).well()
    assert site.here.docker("exec", "chm-cd-backup", "ls", uploads).strip() == ""
    site.here.chm("restore", "cd", "--in-place", "--at", site.run).well()
    site.check()


def test_a_backup_of_a_broken_site_does_not_take_over(site: Site) -> None:
    before = site.generations()
    with site.broken():
        run = _run(site.here.chm("backup", "now", "cd"))
    volumes = site.volumes()
    done = site.here.chm("restore", "cd", "--in-place", "--at", run)
    assert done.code == 1
    assert "answers 500 at /; so the site has its data of before again" in done.output
    site.check()
    assert site.generations() == before
    assert site.volumes() == volumes


def test_it_comes_back_from_the_second_place_when_the_first_is_gone(site: Site) -> None:
    with writing(site.here) as writer:
        wait_until(lambda: bool(writer.written), "somebody writes", 60)
        image = site.here.docker("inspect", "--format", "{{.Image}}", "chm-cd-backup")
        site.here.docker(
            "run", "--rm", "--user", "0", "--network", "none", "--entrypoint", "rm",
            "--volume", "chm-repositories-g1:/repositories", image, "-r", "/repositories/cd/cd",
        )  # fmt: skip
        site.destroy()
        done = site.here.chm("restore", "cd", "--in-place", "--second", "--at", site.run).well()
        after = time.monotonic()
        wait_until(lambda: writer.written[-1] > after, "somebody writes again", 60)
    assert "no whole backup" in done.output, "that there is none of what was there is said"
    assert "made its repository of backups anew" in done.output
    site.check()


def test_backups_go_on_after_somebody_has_looked(site: Site) -> None:
    assert "another repository is in its place" in site.here.chm("backup", "now", "cd").output
    assert "another repository is in its place" in site.here.chm("status", "cd").output
    site.here.chm("backup", "trust", "cd").well()
    site.here.chm("backup", "now", "cd").well()


@pytest.mark.parametrize("seed", range(2))
def test_a_kill_at_any_moment_leaves_the_old_site_or_the_new_one(site: Site, seed: int) -> None:
    before = site.generations()
    restoring = site.here.begin("chm", "restore", "cd", "--in-place")
    time.sleep(random.Random(seed).uniform(6, 22))
    lose_power(restoring)
    site.here.chm("up", "cd").well()
    site.check()
    assert len(site.generations()) == len(before), "all of its volumes are of one time"


@pytest.mark.parametrize("role", ["database", "app", "web"])
def test_a_kill_while_it_takes_over_is_finished_by_the_next_up(site: Site, role: str) -> None:
    before = site.generations()
    lose_power_at_a_new(role, site.here, "chm", "restore", "cd", "--in-place")
    site.here.chm("up", "cd").well()
    site.check()
    assert not site.generations() & before


def test_what_a_killed_one_has_left_is_cleared_by_the_next(site: Site) -> None:
    restoring = site.here.begin("chm", "restore", "cd", "--in-place")
    wait_until(lambda: "chm-cd-restore" in site.here.docker("ps"), "it is at work", 60)
    lose_power(restoring)
    site.here.chm("restore", "cd", "--in-place").well()
    site.check()
    assert site.here.docker("ps", "--all", "--quiet", "--filter", "label=be.clearinghouse.helps=cd") == ""


def test_nothing_else_is_done_to_a_site_meanwhile(site: Site) -> None:
    restoring = site.here.begin("chm", "restore", "cd", "--in-place")
    wait_until(lambda: "chm-cd-restore" in site.here.docker("ps"), "it is at work", 60)
    for command in (("up", "cd"), ("down", "cd"), ("put", "cd", "docs"), ("upgrade", "database", "cd")):
        done = site.here.chm(*command)
        assert done.code == 1, command
        assert "at work" in done.output
    said, _ = restoring.communicate(timeout=180)
    assert restoring.returncode == 0, said
    site.check()


def test_a_drill_removes_nothing_that_the_site_uses(site: Site) -> None:
    """As where a restore was killed when it had just written what takes over."""
    settings = site.here.root / "stacks/Pulumi.cd.yaml"
    now = settings.read_text()
    site.here.chm("backup", "now", "cd").well()
    site.here.activated("pulumi", "config", "set", "--path", "generations.site", "99", "-s", "cd").well()
    try:
        done = site.here.chm("drill", "cd")
    finally:
        settings.write_text(now)
    assert done.code == 1
    assert re.search(r"chm-cd-\S+ still uses chm-cd-site-g\d+, so it stays", done.output)
    site.check()


def test_a_drill_passes_and_nothing_of_it_is_left(site: Site) -> None:
    site.here.chm("restore", "cd", "--in-place").well()
    older = site.volumes()
    site.here.chm("drill", "cd").well()
    assert site.volumes() == older, "it tried a backup of before the restore"
    site.here.chm("backup", "now", "cd").well()
    done = site.here.chm("drill", "cd").well()
    assert "assertions hold" in done.output
    found = _evidence(site.here, "cd")
    assert found["has_passed"]
    about = {each["what"]: each["wanted"] for each in found["assertions"]}
    assert about["table wp_users"].startswith("1 row,")
    assert about["page /"] == "200"
    assert (
        site.here.docker("ps", "--all", "--quiet", "--filter", "label=be.clearinghouse.owner=drill-cd") == ""
    )
    assert "drill" not in site.here.docker("volume", "ls", "--quiet")
    assert "drill" not in site.here.docker("network", "ls")
    assert not (site.here.root / "stacks/Pulumi.drill-cd.yaml").exists()
    assert len(site.volumes()) < len(older), "what the restores had kept is gone"
    site.check()


def test_the_next_one_takes_the_other_place(site: Site) -> None:
    first = _evidence(site.here, "cd")["place"]
    site.here.chm("drill", "cd").well()
    assert {first, _evidence(site.here, "cd")["place"]} == {"first", "second"}


def test_a_site_that_the_platform_builds_is_built_from_its_backup_in_each_language(site: Site) -> None:
    page = site.here.root / "stacks/bj.yaml"
    page.write_text(page.read_text().replace("fr: Bénin", "fr: République du Bénin"))
    site.here.chm("backup", "now", "installation").well()
    page.write_text(page.read_text().replace("fr: République du Bénin", "fr: Bénin"))
    site.here.chm("drill", "bj").well()
    about = {each["what"]: each["found"] for each in _evidence(site.here, "bj")["assertions"]}
    assert about["text of /fr/"] == "République du Bénin", "it is the backup's, not that of the checkout"
    assert about["text of /en/"] == "Benin"


def test_a_drill_that_was_killed_is_cleared_by_the_next(site: Site) -> None:
    drilling = site.here.begin("chm", "drill", "cd")
    wait_until(lambda: "chm-drill-cd-web" in site.here.docker("ps"), "the drill serves", 120)
    lose_power(drilling)
    assert "drill" not in site.here.chm("status").output
    site.here.chm("drill", "cd").well()
    assert "drill" not in site.here.docker("volume", "ls", "--quiet")


def test_a_drill_of_a_broken_backup_turns_status_red_until_one_passes(site: Site) -> None:
    with site.broken():
        site.here.chm("backup", "now", "cd").well()
    done = site.here.chm("drill", "cd")
    assert done.code == 1
    assert "page /: should be 200, was 500" in done.output
    status = site.here.chm("status", "cd")
    assert status.code == 1
    assert "its backup could not be restored" in status.output
    site.here.chm("backup", "now", "cd").well()
    assert site.here.chm("drill", "--due").code == 0
    site.here.chm("status", "cd").well()
    assert "no drill is due" in site.here.chm("drill", "cd", "--due").well().output


def test_an_overdue_drill_turns_status_red(site: Site) -> None:
    kept = {file: file.read_text() for file in (site.here.root / "drills/cd").glob("*.json")}
    for file, text in kept.items():
        file.write_text(re.sub(r'"began": "20\d\d-', '"began": "2020-', text))
    status = site.here.chm("status", "cd")
    for file, text in kept.items():
        file.write_text(text)
    assert status.code == 1
    assert re.search(r"its backup was not tried for \d+ days; `chm drill cd` tries it again", status.output)


def _run(backup: Done) -> str:
    """The run that a backup tells."""
    found = re.search(r"run-\w+-\w+", backup.well().output)
    assert found
    return found[0]


def _evidence(here: Installation, code: str) -> dict[str, object]:
    newest = max((here.root / "drills" / code).glob("*.json"))
    found: dict[str, object] = json.loads(newest.read_text())
    return found
