"""`. ./activate`, in the shells that people have."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = os.defpath

pytestmark = pytest.mark.parametrize("shell", ["sh", "bash"])


def checkout(folder: Path) -> Path:
    """A checkout that looks set up."""
    for program in (".state/bin/pulumi", ".venv/bin/python"):
        (folder / program).parent.mkdir(parents=True)
        (folder / program).touch(mode=0o755)
    shutil.copy(ROOT / "activate", folder)
    return folder


def sourced(shell: str, script: str, folder: Path, **environment: str) -> dict[str, str]:
    """The environment that a script leaves behind."""
    done = subprocess.run(
        [shell, "-euc", f"{script} && env -0"],
        cwd=folder,
        env={"PATH": PATH, **environment},
        capture_output=True,
    )
    assert done.stderr == b""
    return dict(line.split("=", 1) for line in done.stdout.decode().split("\0") if line)


def test_puts_the_checkouts_own_tools_and_state_in_force(shell: str, tmp_path: Path) -> None:
    root = checkout(tmp_path)
    environment = sourced(shell, ". ./activate && . ./activate", root)
    assert environment["PATH"] == f"{root}/.venv/bin:{root}/.state/bin:{PATH}"
    assert environment["PULUMI_HOME"] == f"{root}/.state/pulumi-home"
    assert environment["PULUMI_BACKEND_URL"] == f"file://{root}/.state/pulumi"
    assert environment["PULUMI_CONFIG_PASSPHRASE_FILE"] == f"{root}/.state/passphrase"


@pytest.mark.parametrize(
    "own",
    [
        {"PULUMI_BACKEND_URL": "s3://states"},
        {"PULUMI_CONFIG_PASSPHRASE_FILE": "/etc/passphrase"},
        {"PULUMI_CONFIG_PASSPHRASE": ""},
    ],
    ids=lambda own: next(iter(own)),
)
def test_keeps_what_the_user_chose(shell: str, own: dict[str, str], tmp_path: Path) -> None:
    environment = sourced(shell, ". ./activate", checkout(tmp_path), **own)
    assert own.items() <= environment.items()
    assert ("PULUMI_CONFIG_PASSPHRASE" in own) == ("PULUMI_CONFIG_PASSPHRASE_FILE" not in environment)


def test_leaves_another_checkout_behind(shell: str, tmp_path: Path) -> None:
    one, two = checkout(tmp_path / "one"), checkout(tmp_path / "two")
    environment = sourced(shell, f". ./activate && cd {two} && . ./activate", one)
    assert environment["PULUMI_BACKEND_URL"] == f"file://{two}/.state/pulumi"
    assert environment["PULUMI_CONFIG_PASSPHRASE_FILE"] == f"{two}/.state/passphrase"
    assert environment["PATH"].startswith(f"{two}/.venv/bin:{two}/.state/bin:")


def test_names_the_next_step_when_nothing_is_set_up(shell: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "activate", tmp_path)
    done = subprocess.run([shell, "-c", ". ./activate"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert (
        done.stderr
        == f"activate: {tmp_path} is not set up; run toolchain/setup there, then activate from that folder\n"
    )
