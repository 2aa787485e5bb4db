"""The name of an installation, by which it knows what is its own."""

from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.installation import ensure_name, name


@pytest.fixture(autouse=True)
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of nothing yet, and we are in it."""
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "stacks").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "stacks"


def test_there_is_none_until_it_is_made(stacks: Path) -> None:
    assert name() is None
    made = ensure_name()
    assert name() == made == (stacks / "installation").read_text().strip()


def test_it_is_made_once(stacks: Path) -> None:
    assert ensure_name() == ensure_name()


def test_two_installations_have_two_names(stacks: Path) -> None:
    first = ensure_name()
    (stacks / "installation").unlink()
    assert ensure_name() != first


@pytest.mark.parametrize("written", ["", "two words", "Capitals", "a\nb"])
def test_what_is_no_name_is_refused(stacks: Path, written: str) -> None:
    (stacks / "installation").write_text(written)
    with pytest.raises(Trouble, match="stacks/installation: should be one word"):
        name()
