"""What a helper says is believed when it has ended, and ended well."""

from types import SimpleNamespace
from typing import Any

import pytest

from clearinghouse.errors import NOT_WELL
from clearinghouse.operate.helper import Helper, HelperFailed


def _helper(code: int | None) -> Helper:
    """One whose command says a line on each of its outputs, and of which the engine knows an exit code."""
    api: Any = SimpleNamespace(
        create_host_config=lambda **_: {},
        exec_create=lambda *_: {"Id": "asked"},
        exec_start=lambda *_, **__: iter([(b"half\n", None), (None, b"no space left\n")]),
        exec_inspect=lambda _: {"ExitCode": code},
    )
    return Helper(SimpleNamespace(api=api), "cd", "image", ["cat"])  # type: ignore[arg-type]


def test_a_command_that_ended_well_has_said_all() -> None:
    assert list(_helper(0).ask(["sha256sum"])) == [b"half\n"]


@pytest.mark.parametrize(
    ("code", "last"), [(None, "the connection to its host broke off"), (1, "no space left")]
)
def test_one_that_failed_or_was_never_heard_out_has_not(code: int | None, last: str) -> None:
    with pytest.raises(HelperFailed, match="what worked on the data at its host failed") as met:
        list(_helper(code).ask(["sha256sum"]))
    assert (met.value.last, met.value.exit_code) == (last, NOT_WELL)
