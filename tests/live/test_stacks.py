"""For every stack: what is declared is what runs, and what does not run shows."""

from pathlib import Path

import pytest

from tests.live.installation import Installation, commands

pytestmark = pytest.mark.live

REMEMBER = """<?php
    $password = trim(file_get_contents(getenv('DATABASE_PASSWORD_FILE')));
    $database = new PDO('mysql:host=database;dbname=site', 'site', $password);
    $database->exec('CREATE TABLE IF NOT EXISTS remembered (one INT PRIMARY KEY, word CHAR(32))');
    $database->exec("INSERT IGNORE INTO remembered VALUES (1, '" . bin2hex(random_bytes(16)) . "')");
    echo $database->query('SELECT word FROM remembered')->fetchColumn();"""
STACKS = ["host-local", "bj", "cd", "xs"]


@pytest.mark.parametrize("stack", STACKS)
def test_after_up_a_preview_with_refresh_is_empty(installation: Installation, stack: str) -> None:
    installation.preview(stack).well()


@pytest.mark.parametrize(
    ("stack", "role"), [("host-local", "edge"), ("bj", "web"), ("cd", "app"), ("cd", "database")]
)
def test_after_a_restart_it_still_is(installation: Installation, stack: str, role: str) -> None:
    owner = stack if stack != "host-local" else "host"
    installation.docker("restart", installation.containers(owner)[role])
    installation.preview(stack).well()


def test_a_stopped_container_shows_and_an_up_starts_it(installation: Installation) -> None:
    installation.docker("stop", installation.containers("bj")["web"])
    shown = installation.preview("bj")
    assert shown.code != 0
    assert "chm-bj-web" in shown.output
    installation.activated("pulumi", "up", "-s", "bj", "--refresh", "--yes", "--skip-preview").well()
    installation.preview("bj").well()
    assert "web" in installation.containers("bj")


def test_a_removed_container_shows_and_an_up_makes_it_anew(installation: Installation) -> None:
    installation.docker("rm", "--force", installation.containers("cd")["database"])
    shown = installation.preview("cd")
    assert shown.code != 0
    assert "chm-cd-database" in shown.output
    installation.activated("pulumi", "up", "-s", "cd", "--refresh", "--yes", "--skip-preview").well()
    installation.preview("cd").well()
    installation.chm("status").well()


def test_another_writable_folder_does_not_restart_the_database(installation: Installation) -> None:
    database = installation.containers("cd")["database"]
    started = installation.docker("inspect", "-f", "{{.State.StartedAt}}", database)
    installation.change(
        "cd.yaml", "    - wp-content/uploads", "    - wp-content/uploads\n    - wp-content/cache"
    )
    installation.chm("up", "cd").well()
    installation.preview("cd").well()
    installation.change(
        "cd.yaml", "    - wp-content/uploads\n    - wp-content/cache", "    - wp-content/uploads"
    )
    installation.chm("up", "cd").well()
    assert installation.docker("inspect", "-f", "{{.State.StartedAt}}", database) == started


def test_adding_a_partner_as_the_readme_says_restarts_nobody(
    installation: Installation, tmp_path: Path
) -> None:
    before = _started(installation)
    (tmp_path / "index.html").write_text("Amakuru")
    script = commands("README.md", "Adding a partner").replace("FOLDER", str(tmp_path))
    edited = script.replace("rw.yaml", "rw.yaml; sed -i 's/cd/rw/g' stacks/rw.yaml", 1)
    installation.run("bash", "-ec", edited, PULUMI_SKIP_CONFIRMATIONS="true").well()
    assert installation.curl("https://rw.chm.localhost/").text == "Amakuru"
    assert before.items() <= _started(installation).items()


@pytest.mark.last
def test_destroy_leaves_only_named_data_volumes(installation: Installation) -> None:
    done = installation.activated("pulumi", "destroy", "-s", "cd", "--yes", "--skip-preview")
    assert done.code == 0, done.output
    assert installation.docker("ps", "--all", "--quiet", "--filter", "label=be.clearinghouse.owner=cd") == ""
    assert (
        installation.docker("network", "ls", "--quiet", "--filter", "label=be.clearinghouse.owner=cd") == ""
    )
    volumes = installation.docker("volume", "ls", "--format", "{{.Name}}", "--filter", "name=chm-cd-")
    assert {"chm-cd-database-g1", "chm-cd-site-g1"} <= set(volumes.split())
    assert all(name.endswith("-g1") for name in volumes.split())


@pytest.mark.last
def test_an_up_after_destroy_finds_the_data_again(installation: Installation) -> None:
    """Its own test of destroy and up, whatever ran before."""
    installation.chm("up", "cd").well()
    installation.put("cd", {"remember.php": REMEMBER})
    told = installation.curl("https://cd.chm.localhost/remember.php").text
    assert len(told) == 32
    installation.activated("pulumi", "destroy", "-s", "cd", "--yes", "--skip-preview").well()
    installation.chm("up", "cd").well()
    assert installation.curl("https://cd.chm.localhost/remember.php").text == told


@pytest.mark.last
def test_a_host_is_not_taken_down_while_partners_are_on_it(installation: Installation) -> None:
    refused = installation.chm("down", "host-local")
    assert refused.code == 1
    assert "partners are on it: bj, cd, ma, rw, xs" in refused.output


@pytest.mark.last
def test_a_stack_whose_file_is_gone_still_shows_and_can_be_taken_down(installation: Installation) -> None:
    text = (installation.root / "stacks/rw.yaml").read_text()
    (installation.root / "stacks/rw.yaml").unlink()
    installation.declare("bi.yaml", text.replace("partner: rw", "partner: bi"))
    refused = installation.chm("up", "bi")
    assert refused.code == 1
    assert "rw.chm.localhost is still served by the stack rw; take that down first" in refused.output
    status = installation.chm("status")
    assert "rw runs on local, and no file declares it; `chm down rw`" in status.output
    installation.chm("down", "rw").well()
    (installation.root / "stacks/bi.yaml").unlink()
    installation.declare("rw.yaml", text)
    installation.chm("up", "rw").well()


@pytest.mark.last
def test_one_partners_mistake_stops_no_other(installation: Installation) -> None:
    installation.change("rw.yaml", "tier: host-only", "tier: host_only")
    installation.chm("status", "bj").well()
    status = installation.chm("status")
    assert status.code == 1
    assert "stacks/rw.yaml is wrong; `chm check` says where" in status.output
    assert "did you mean host-only?" in installation.chm("up", "rw").output
    installation.change("rw.yaml", "tier: host_only", "tier: host-only")


@pytest.mark.last
def test_make_demo_down_removes_everything_but_the_data(installation: Installation) -> None:
    installation.chm("down", "rw", "xs").well()
    installation.run("make", "demo-down").well()
    assert installation.docker("ps", "--all", "--quiet") == ""
    left = installation.docker("volume", "ls", "--format", "{{.Name}}").split()
    assert left
    assert all(name.startswith("chm-") and name.endswith("-g1") for name in left)


@pytest.mark.last
def test_data_goes_when_that_is_asked(installation: Installation) -> None:
    told = installation.run("make", "demo-down", "DATA=delete").well().output
    left = installation.docker("volume", "ls", "--format", "{{.Name}}").split()
    owners = sorted(name.split("-")[1] for name in left if name.endswith("-repository-g1"))
    assert ("chm-second-g1" in left) == bool(owners)
    assert not owners or f"data deleted, but for the backups of {', '.join(owners)}" in told
    assert {name for name in left if name.startswith(("chm-bj-", "chm-cd-", "chm-edge-"))} == set()


def _started(installation: Installation) -> dict[str, str]:
    """When each running container was started."""
    names = installation.docker("ps", "--format", "{{.Names}}").split()
    times = installation.docker("inspect", "-f", "{{.State.StartedAt}}", *names).split()
    return dict(zip(names, times, strict=True))
