"""The one kind of failure that a user is expected to meet."""

NOT_WELL = 1
WRONG_INPUT = 2
COULD_NOT_FIND_OUT = 3
INTERRUPTED = 130


class Trouble(Exception):  # noqa: N818  (it is shown to people: the word is theirs)
    """An expected failure, told in one sentence that names the thing and the next step.

    Whoever talks to a person (the command line, the Pulumi program) prints the message and
    nothing else; any other exception is a defect and keeps its traceback.

    Args:
        message: the sentence, without a final newline.
        exit_code: 1 the thing asked about is not well, 2 wrong input, 3 could not find out, 130 interrupted.
    """

    def __init__(self, message: str, *, exit_code: int = WRONG_INPUT) -> None:
        super().__init__(message)
        self.exit_code = exit_code
