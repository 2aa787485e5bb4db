"""`chm check` and `chm schema` as a person meets them."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clearinghouse.cli.main import app
from clearinghouse.declare.schema import MODELS
from clearinghouse.errors import Trouble
from clearinghouse.installation import root
from tests.declare.conftest import CONGO

ROOT = Path(__file__).parents[2]


def chm(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    command = [sys.executable, "-m", "clearinghouse.cli.main", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_check_says_that_all_is_well(stacks: Path) -> None:
    done = chm("check", folder=stacks)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 partner, 2 hosts: all well\n", "")


def test_check_tells_every_problem_and_ends_with_2(stacks: Path) -> None:
    (stacks / "cd.yaml").write_text(CONGO.replace("1998", "soon") + "colour: green\n")
    done = chm("check", folder=stacks)
    assert done.returncode == 2
    assert done.stdout.splitlines() == [
        'stacks/cd.yaml:5:8: since: should be a whole number from 1992 to 2100, is "soon"',
        'stacks/cd.yaml:11:1: colour: should be one of the known keys, is "colour"',
    ]
    assert done.stderr == "2 problems in 1 file\n"


def test_check_looks_at_the_texts_of_sites_that_are_built(stacks: Path) -> None:
    built = CONGO.replace("host-only", "standard-site").replace(CONGO.splitlines()[-1], "")
    (stacks / "cd.yaml").write_text(built)
    (stacks / "cd").mkdir()
    (stacks / "cd/site.yaml").write_text("slogna: Ensemble\n")
    (stacks / "cd/country.yaml").write_text("name: Congo\ncode: CD\n")
    done = chm("check", folder=stacks)
    assert (done.returncode, done.stderr) == (2, "1 problem in 1 file\n")
    line = 'stacks/cd/site.yaml:1:1: slogna: should be one of the known keys, is "slogna"'
    assert done.stdout == f"{line} (did you mean slogan?)\n"


def test_check_outside_an_installation_is_one_line_that_helps(tmp_path: Path) -> None:
    done = chm("check", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"{tmp_path} is not within an installation: go to a folder with Pulumi.yaml"
    )
    assert done.stderr.count("\n") == 1


def test_a_command_that_does_not_exist_ends_with_2(stacks: Path) -> None:
    done = chm("chekc", folder=stacks)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_check_takes_no_arguments() -> None:
    assert CliRunner().invoke(app, ["check", "cd"]).exit_code == 2


def test_check_loads_neither_pulumi_nor_docker() -> None:
    code = "import sys, clearinghouse.cli.main, clearinghouse.declare.load as _; print(*sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert {"pulumi", "docker", "pulumi_docker", "jinja2", "requests"} & set(done.stdout.split()) == set()


def test_schema_writes_a_file_for_all_that_is_written_in_yaml(stacks: Path) -> None:
    done = chm("schema", folder=stacks / "hosts")
    files = [f"docs/schema/{name}.schema.json" for name in MODELS]
    assert (done.returncode, done.stdout.splitlines()) == (0, files)
    for file in files:
        assert (stacks.parent / file).read_text() == (ROOT / file).read_text()


def test_the_installation_is_found_from_below(stacks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(stacks / "hosts")
    assert root() == stacks.parent


def test_stacks_without_pulumi_yaml_are_no_installation(stacks: Path) -> None:
    (stacks.parent / "Pulumi.yaml").unlink()
    with pytest.raises(Trouble, match="is not within an installation"):
        root(stacks)


def test_a_current_folder_that_is_gone_is_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(Trouble, match="is not there any more"):
        root()


def test_200_partners_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench = runpy.run_path(str(ROOT / "bench" / "check_200.py"))
    bench["write_installation"](tmp_path, 200)
    seconds = bench["seconds"](tmp_path)
    with capsys.disabled():
        print(f"\nchm check over 200 partners: {seconds:.2f} s")
    assert chm("check", folder=tmp_path).stdout == "200 partners, 4 hosts: all well\n"
