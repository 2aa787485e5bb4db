import pytest

from clearinghouse.operate.pulumi import cause


def test_our_own_sentence_comes_before_what_it_may_contain() -> None:
    ours = "host local: port 443/tcp on ::1 is taken (port is already allocated); free it"
    assert cause(f"error: {ours}\nerror: update failed", "cd") == ours


def test_our_own_sentence_is_told_without_what_pulumi_and_the_command_line_say_before_it() -> None:
    text = 'error: before hook "own-volumes-app" failed: stack cd: the image keeps data in /data'
    assert cause(text, "cd") == "the image keeps data in /data"


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


def test_the_first_telling_error_is_the_cause() -> None:
    assert cause("error: update failed\n  error: no such image\nerror: another", "cd") == "no such image"


def test_a_failure_without_a_word_says_so() -> None:
    assert cause("", "cd") == "it failed without a word"
