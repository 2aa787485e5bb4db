"""What reads a webmaster's command line: rsync's server may run, nothing else."""

import subprocess
from pathlib import Path

import pytest

SESSION = Path(__file__).parents[2] / "platform/images/access/session"


def refusal(*argv: str) -> str:
    done = subprocess.run(["sh", SESSION, *argv], capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == 1
    return done.stderr


def test_no_command_would_be_a_shell() -> None:
    assert refusal() == "Here are SFTP and rsync only, and no shell.\n"


@pytest.mark.parametrize(
    "command",
    [
        "sh",
        "ls",
        "internal-sftp",
        "rsync",
        "rsync --daemon",
        "/bin/rsync --server .",
        "rsync\\ --server .",
        "",
    ]
    + [f"{start}rsync --server ." for start in (" ", "sh;", "$(sh)", "x=y ", "\\ ")],
)
def test_another_command_is_refused(command: str) -> None:
    assert refusal("-c", command) == "Here are SFTP and rsync only, and no other command.\n"


@pytest.mark.parametrize(
    "word", ["--daemon", "--d\\aemon", "--daemon=x", "-s", "-vlogDtprse.iLsfxCIvu", "--secluded-args"]
)
def test_what_would_let_unseen_options_in_is_refused(word: str) -> None:
    assert refusal("-c", f"rsync --server {word} .") in (
        "The rsync here is no daemon.\n",
        "Leave out rsync's option -s.\n",
    )


def test_a_command_line_that_would_take_long_to_read_is_refused() -> None:
    assert "too long" in refusal("-c", f"rsync --server . {'x' * 5000}")


@pytest.mark.parametrize("words", ["-vlogDtpre.iLsfxCIvu . x;touch\\ y", "-re.iLsfxCIvu . $(touch\\ y)"])
def test_no_shell_reads_the_rest(words: str, tmp_path: Path) -> None:
    argv = ["sh", SESSION, "-c", f"rsync --server {words}"]
    subprocess.run(argv, cwd=tmp_path, input=b"", capture_output=True, timeout=10, check=False)
    assert "y" not in [path.name for path in tmp_path.iterdir()]
