from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate.pulumi import cause, known_ids, lift_dead_lock


def test_our_own_sentence_comes_before_what_it_may_contain() -> None:
    ours = "host local: port 443/tcp on ::1 is taken (port is already allocated); free it"
    assert cause(f"error: {ours}\nerror: update failed", "cd") == ours


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("error: the stack is currently locked by 1 lock(s).", "`pulumi cancel -s cd`"),
        ("error: failed to decrypt: incorrect passphrase", "the passphrase does not open its secrets"),
        ("error: write /var/x: no space left on device", "the disk is full"),
        ("error: Cannot connect to the Docker daemon at unix:///x", "its engine went away"),
    ],
)
def test_what_pulumi_says_becomes_what_to_do(text: str, told: str) -> None:
    assert told in cause(text, "cd")


def test_a_hook_and_a_preview_speak_as_everything_else_does() -> None:
    ours = "stack cd: limits/disk: should be at least 2G, is 1G"
    assert cause(f'error: before hook "disk" failed: {ours}\n', "cd") == ours
    assert cause(f'  "message": "error: {ours}\\n",\n', "cd") == ours


def test_the_first_telling_error_is_the_cause() -> None:
    assert cause("error: update failed\n  error: no such image\nerror: another", "cd") == "no such image"


def test_a_failure_without_a_word_says_so() -> None:
    assert cause("", "cd") == "it failed without a word"


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backend of plain files, with room for a state and a lock."""
    folder = tmp_path / ".pulumi"
    (folder / "stacks/clearinghouse").mkdir(parents=True)
    (folder / "locks/organization/clearinghouse/cd").mkdir(parents=True)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")
    return folder


def test_a_states_ids_are_read_from_its_file(backend: Path) -> None:
    state = '{"checkpoint": {"latest": {"resources": [{"id": "one"}, {"urn": "x"}]}}}'
    (backend / "stacks/clearinghouse/cd.json").write_text(state)
    assert known_ids("cd") == {"one"}


@pytest.mark.parametrize("left", ["", "{}", "[]", '{"checkpoint": nu', '{"checkpoint": null}'])
def test_a_state_that_a_power_loss_spoiled_is_named_with_its_backup(backend: Path, left: str) -> None:
    (backend / "stacks/clearinghouse/cd.json").write_text(left)
    with pytest.raises(Trouble, match=r"/cd\.json: should be the state .* from cd\.json\.bak beside it"):
        known_ids("cd")


@pytest.mark.parametrize("left", ["", "[]", '{"pid": '])
def test_a_lock_that_cannot_be_read_is_none(backend: Path, left: str) -> None:
    (backend / "locks/organization/clearinghouse/cd/1.json").write_text(left)
    assert not lift_dead_lock("cd")


def test_a_lock_of_another_machine_is_respected(backend: Path) -> None:
    lock = '{"pid": 1, "hostname": "elsewhere.example"}'
    (backend / "locks/organization/clearinghouse/cd/1.json").write_text(lock)
    with pytest.raises(Trouble, match=r"process 1 on elsewhere\.example works on it"):
        lift_dead_lock("cd")
