"""Promises that the images' own files make."""

from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[2] / "platform" / "images"
UIDS = {
    "edge": "2005:2005",
    "web": "2002:2000",
    "php": "2002:2000",
    "mariadb": "2004:2004",
    "postgresql": "2004:2004",
}


@pytest.mark.parametrize("image", UIDS)
def test_runs_as_its_own_user(image: str):
    assert f"USER {UIDS[image]}\n" in (IMAGES / image / "Dockerfile").read_text()


@pytest.mark.parametrize("image", UIDS)
def test_health_needs_no_shell(image: str):
    text = (IMAGES / image / "Dockerfile").read_text()
    check = text.split("HEALTHCHECK")[1].split("CMD ", 1)[1].splitlines()[0]
    assert check.startswith("[")
    assert '"sh"' not in check


@pytest.mark.parametrize("start", sorted(IMAGES.glob("*/start")), ids=lambda path: path.parent.name)
def test_start_scripts_can_be_run(start: Path):
    assert start.stat().st_mode & 0o111


def test_the_edge_knows_no_partner():
    caddyfile = (IMAGES / "edge" / "Caddyfile").read_text()
    stacks = Path(__file__).parents[2] / "stacks"
    for declaration in stacks.glob("[a-z]*.yaml"):
        assert f"{declaration.stem}." not in caddyfile


@pytest.mark.parametrize(
    "name", ["exec", "proc_open", "popen", "system", "shell_exec", "passthru", "dl", "putenv"]
)
def test_php_starts_no_process(name: str):
    text = (IMAGES / "php" / "hardened.ini").read_text()
    line = next(line for line in text.splitlines() if line.startswith("disable_functions"))
    assert name in line.split(" = ")[1].split(",")


@pytest.mark.parametrize("setting", ["open_basedir", "auto_prepend_file"])
def test_php_is_bounded_alike_in_pages_and_in_jobs(setting: str):
    pages = (IMAGES / "php" / "php-fpm.conf").read_text()
    jobs = (IMAGES / "php" / "cli.ini").read_text()
    bound = next(line for line in pages.splitlines() if line.startswith(f"php_admin_value[{setting}]"))
    assert f"{setting} = {bound.split(' = ')[1]}\n" in jobs
