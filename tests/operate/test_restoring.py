"""Where a backup is restored to."""

from pathlib import Path
from typing import cast

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate.repository import Readable
from clearinghouse.operate.restoring import restore
from clearinghouse.upkeep.runs import Run

NOTHING = cast("Readable", None)
"""It is refused before anything is read."""


def _refusal(into: Path) -> str:
    with pytest.raises(Trouble) as met:
        restore(NOTHING, Run("run-20270131T021700Z-1a2b", ()), into, None, lambda _: None)
    assert met.value.exit_code == 2
    return str(met.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    assert _refusal(tmp_path / "file/folder") == (
        f"{tmp_path}/file/folder: cannot be made (Not a directory); name another folder"
    )
    assert (tmp_path / "file").read_text() == "kept"


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    assert "should be a folder that is empty or not there yet" in _refusal(tmp_path)


def test_no_name_is_no_folder() -> None:
    assert _refusal(Path()) == "--into: should name a folder, is nothing"
