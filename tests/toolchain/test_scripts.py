"""What the set-up scripts promise beside what they install."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLCHAIN = ROOT / "toolchain"
NOWHERE = "unix:///nowhere/docker.sock"


def script(name: str, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOOLCHAIN / name, *argv], env={**os.environ, **environment}, capture_output=True, text=True
    )


def functions(lines: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run lines of bash with the functions that the scripts share."""
    sources = f"set -euo pipefail; . {TOOLCHAIN}/lib.sh; . {TOOLCHAIN}/go.sh\n"
    return subprocess.run(
        ["bash", "-c", sources + lines, "trial"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "argv", "line"),
    [
        ("setup", ["all"], "setup: takes no argument, not: all"),
        ("engine", ["restart"], "engine: should be called with start or stop, not restart"),
        (
            "engine",
            ["start"],
            f"engine: no Docker engine answers at DOCKER_HOST={NOWHERE}; "
            "start it, or unset DOCKER_HOST to use one on this machine",
        ),
        ("base-image", [], f"base-image: no Docker engine answers at {NOWHERE}; run toolchain/engine"),
    ],
)
def test_refusal_is_one_line(name: str, argv: list[str], line: str) -> None:
    done = script(name, *argv, DOCKER_HOST=NOWHERE)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{line}\n")


def test_missing_packages_are_named_where_they_cannot_be_installed(tmp_path: Path) -> None:
    for tool in ("dpkg-query", "grep", "dirname"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    done = functions(f"PATH={tmp_path}; need_packages bash no-such-package")
    assert done.returncode == 1
    assert done.stderr == "trial: missing: no-such-package; install them (there is no apt-get here)\n"


def test_a_long_step_says_how_long_it_took_and_keeps_quiet_otherwise() -> None:
    done = functions("timed 'counting sheep' echo many; lasted 137")
    assert re.fullmatch(r"counting sheep … \d s\n", done.stderr)
    assert done.stdout == "2 m 17 s"


def test_a_step_that_fails_shows_what_it_wrote_and_ends_the_script() -> None:
    done = functions("climb() { echo slippery; false; }; timed climbing climb; echo unreachable")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "\n    slippery\n" in done.stderr
    assert done.stderr.endswith("trial: climbing did not work; the lines above say why\n")


def test_two_runs_at_once_build_a_thing_once(tmp_path: Path) -> None:
    lines = """
        go=true
        build_thing() {
            echo built >>"$XDG_CACHE_HOME/builds"
            sleep 0.3
            echo thing >"$1/thing"
            chmod +x "$1/thing"
        }
        cached thing build_thing caddy & cached thing build_thing caddy
        wait
        cached thing build_thing caddy
    """
    done = functions(lines, XDG_CACHE_HOME=str(tmp_path))
    folders = set(done.stdout.split())
    assert len(folders) == 1
    assert (Path(folders.pop()) / "thing").read_text() == "thing\n"
    assert (tmp_path / "builds").read_text() == "built\n"


def test_a_build_that_broke_off_leaves_no_folder_to_be_taken_for_whole(tmp_path: Path) -> None:
    lines = 'go=true; build_thing() { touch "$1/half"; false; }; cached thing build_thing caddy'
    done = functions(lines, XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 1
    assert not [
        folder for folder in (tmp_path / "clearinghouse/toolchain").iterdir() if folder.suffix != ".part"
    ]


@pytest.mark.parametrize(
    ("package", "file", "pattern"),
    [
        ("pulumi", "pulumi/go.mod", r"^require github\.com/pulumi/pulumi/pkg/v3 v(\S+)$"),
        ("pulumi-docker", "provider/main.go", r'^\s*version = "(\S+)"$'),
    ],
)
def test_what_is_built_has_the_version_of_its_python_package(package: str, file: str, pattern: str) -> None:
    pinned = re.search(rf'"{package}==(\S+)"', (ROOT / "pyproject.toml").read_text())
    built = re.search(pattern, (TOOLCHAIN / file).read_text(), re.MULTILINE)
    assert pinned
    assert built
    assert built[1] == pinned[1]
