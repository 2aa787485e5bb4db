"""A partner's database goes to a newer major version of its server and back; nothing is lost."""

import json
import random
import re
import shlex
import signal
import time
from collections.abc import Iterator

import pytest

from tests.lab import wait_until
from tests.live.installation import Installation
from tests.live.power import lose_power, lose_power_at_a_new
from tests.live.site import Site, a_site, writing
from tests.live.test_runtimes import PAGES, POSTGRESQL, SITES, declaration

pytestmark = pytest.mark.live

PICKY = """<?php
if (version_compare($GLOBALS["wpdb"]->db_server_info(), "11", ">=")) {
    http_response_code(500);
    exit;
}
"""


@pytest.fixture(scope="module")
def site(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(installation, tmp_path_factory) as filled:
        yield filled


def test_a_site_that_does_not_work_with_it_keeps_what_it_has(site: Site) -> None:
    plugin = "/site/wp-content/mu-plugins/picky.php"
    site.in_site(f"mkdir -p {plugin.rpartition('/')[0]} && printf '%s' {shlex.quote(PICKY)} >{plugin}")
    before = site.generations(), site.volumes()
    done = site.here.chm("upgrade", "database", "cd")
    assert done.code == 1
    assert "its site does not work with MariaDB 11.8: page /: should be 200, was 500" in done.output
    site.in_site(f"rm {plugin}")
    assert (site.generations(), site.volumes()) == before
    assert _version(site.here).startswith("10.11.")
    site.check()


def test_it_goes_over_and_what_was_written_meanwhile_is_there(site: Site) -> None:
    before = _posts(site.here)
    with writing(site.here) as writer:
        wait_until(lambda: bool(writer.written), "somebody writes", 60)
        done = site.here.chm("upgrade", "database", "cd").well()
        after = time.monotonic()
        wait_until(lambda: writer.written[-1] > after, "somebody writes again", 60)
    assert re.search(r"nobody could write for [\d.]+ s", done.output)
    assert _version(site.here).startswith("11.8.")
    # Of what got no answer some may have been written.
    assert _posts(site.here) - before >= len(writer.written)
    site.check()
    site.here.preview("cd").well()
    site.here.chm("backup", "check", "cd").well()


def test_there_is_nothing_newer(site: Site) -> None:
    done = site.here.chm("upgrade", "database", "cd")
    assert done.code != 0
    assert "its database is MariaDB 11.8, the newest that the platform has" in done.output


def test_there_is_a_way_back(site: Site) -> None:
    post = site.wordpress.write_post("D’après", "Écrit avec la nouvelle version.")
    done = site.here.chm("upgrade", "database", "cd", "--back").well()
    assert _version(site.here).startswith("10.11.")
    site.check()
    assert site.wordpress.session.get(post, timeout=30).status_code == 404
    run = re.search(r"what was written since is in the backup (run-\w+-\w+)", done.output)
    assert run
    folder = site.here.root / "kept"
    dump = ("restore", "cd", "--at", run[1], "--path", "/database.sql", "--into", str(folder))
    site.here.chm(*dump).well()
    assert "crit avec la nouvelle version." in (folder / "database.sql").read_text()


def test_a_kill_while_it_takes_over_is_finished_by_the_next_up(site: Site) -> None:
    lose_power_at_a_new("database", site.here, "chm", "upgrade", "database", "cd")
    site.here.chm("up", "cd").well()
    site.check()
    assert _version(site.here).startswith("11.8.")
    site.here.chm("upgrade", "database", "cd", "--back").well()


@pytest.mark.parametrize("seed", range(2))
def test_a_kill_at_any_moment_leaves_the_old_database_or_the_new_one(site: Site, seed: int) -> None:
    """The whole of it takes some 40 s on two cores."""
    before = _generation(site)
    upgrading = site.here.begin("chm", "upgrade", "database", "cd")
    time.sleep(random.Random(seed).uniform(5, 45))
    lose_power(upgrading)
    site.here.chm("up", "cd").well()
    site.check()
    generation, version = _generation(site), _version(site.here)
    assert (generation == before) == version.startswith("10.11.")
    if version.startswith("11.8."):
        site.here.chm("upgrade", "database", "cd", "--back").well()


def test_ctrl_c_leaves_the_old_database_or_the_new_one_and_says_which(site: Site) -> None:
    settings = site.here.root / "stacks/Pulumi.cd.yaml"
    upgrading = site.here.begin("chm", "upgrade", "database", "cd")
    wait_until(lambda: "mariadb-11.8" in settings.read_text(), "it takes over", 120)
    upgrading.send_signal(signal.SIGINT)
    said, _ = upgrading.communicate(timeout=180)
    declared = "11.8" if "mariadb-11.8" in settings.read_text() else "10.11"
    assert _version(site.here).startswith(f"{declared}."), said
    if upgrading.returncode:
        assert declared == "10.11"
        gone_back = "interrupted; so the site has its data of before again"
        assert gone_back in said or "interrupted; the site of cd has the data that it had" in said
    site.here.chm("up", "cd").well()
    assert _version(site.here).startswith(f"{declared}.")
    site.check()
    if declared == "11.8":
        site.here.chm("upgrade", "database", "cd", "--back").well()


def test_after_a_drill_what_was_before_is_gone(site: Site) -> None:
    site.here.chm("backup", "now", "cd").well()
    old = re.search(r"run-\w+-\w+", site.here.chm("backup", "list", "cd").well().output)
    assert old
    site.here.chm("upgrade", "database", "cd").well()
    site.here.chm("backup", "now", "cd").well()
    site.here.chm("drill", "cd").well()
    newest = max((site.here.root / "drills/cd").glob("*.json"))
    assert json.loads(newest.read_text())["has_passed"]
    done = site.here.chm("upgrade", "database", "cd", "--back")
    assert done.code != 0
    assert "no database of before an upgrade is there" in done.output
    site.check()
    # A backup of before goes into the new server too.
    site.here.chm("restore", "cd", "--in-place", "--at", old[0]).well()
    assert _version(site.here).startswith("11.8.")
    site.check()


@pytest.fixture(scope="module")
def postgresql(installation: Installation) -> Iterator[Installation]:
    installation.declare(f"{POSTGRESQL}.yaml", declaration(POSTGRESQL, SITES[POSTGRESQL]))
    try:
        installation.chm("up", POSTGRESQL).well()
        installation.put(POSTGRESQL, {name: PAGES[name] for name in ("connect.php", "index.php")})
        yield installation
    finally:
        installation.chm("down", POSTGRESQL, "--delete-data")
        (installation.root / f"stacks/{POSTGRESQL}.yaml").unlink()


def test_postgresql_goes_over_and_back(postgresql: Installation) -> None:
    address = f"https://{POSTGRESQL}.chm.localhost/"
    for word in ("zèbre", "éléphant"):
        postgresql.curl(address, "--get", "--data-urlencode", f"word={word}")
    postgresql.chm("upgrade", "database", POSTGRESQL).well()
    assert _postgresql(postgresql) == "17"
    assert json.loads(postgresql.curl(address).text) == ["éléphant", "zèbre"]
    postgresql.curl(f"{address}?word=okapi")
    postgresql.chm("upgrade", "database", POSTGRESQL, "--back").well()
    assert _postgresql(postgresql) == "15"
    assert json.loads(postgresql.curl(address).text) == ["éléphant", "zèbre"]


def test_a_drill_of_postgresql_passes(postgresql: Installation) -> None:
    postgresql.chm("upgrade", "database", POSTGRESQL).well()
    postgresql.chm("drill", POSTGRESQL).well()
    about = max((postgresql.root / f"drills/{POSTGRESQL}").glob("*.json")).read_text()
    assert '"table public.remembered"' in about


def _version(here: Installation) -> str:
    return _sql(here, "SELECT VERSION()")


def _posts(here: Installation) -> int:
    return int(_sql(here, "SELECT COUNT(*) FROM site.wp_posts WHERE post_title = 'Entre-temps'"))


def _sql(here: Installation, statement: str) -> str:
    database = here.containers("cd")["database"]
    return here.docker("exec", database, "mariadb", "--batch", "--skip-column-names", "-e", statement).strip()


def _postgresql(here: Installation) -> str:
    database = here.containers(POSTGRESQL)["database"]
    return here.docker("exec", database, "cat", "/var/lib/postgresql/data/PG_VERSION").strip()


def _generation(site: Site) -> int:
    database = site.here.containers("cd")["database"]
    told = site.here.docker("inspect", "--format", "{{json .Mounts}}", database)
    (number,) = re.findall(r"chm-cd-database-g(\d+)\"", told)
    return int(number)
