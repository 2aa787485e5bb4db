"""What the installation's backup has of a checkout, also where another command is at work in it."""

import tarfile
from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate import installation
from clearinghouse.operate.installation import changed, digest, files, packed
from tests.operate.installed import make_installation

STATE = ".state/pulumi/.pulumi/stacks/clearinghouse"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a partner and its state, and we are in it."""
    folder = make_installation(tmp_path, monkeypatch)
    (folder / STATE).mkdir(parents=True)
    for name in (f"{STATE}/cd.json", "stacks/cd.yaml"):
        (folder / name).write_text("{}")
    return folder


def _packed() -> list[str]:
    with packed() as (archive, _), tarfile.open(fileobj=archive) as tar:
        return tar.getnames()


def test_it_is_what_is_declared_and_the_state_of_it() -> None:
    assert _packed() == ["stacks/cd.yaml", "stacks/installation", f"{STATE}/cd.json"]


@pytest.mark.parametrize("name", ["cd.json.bak", "cd.json.18ed26bfca61440c.tmp", "cd.json.bak.18ed26bf.tmp"])
def test_what_pulumi_is_about_to_replace_is_not_of_it(here: Path, name: str) -> None:
    (here / STATE / name).write_text("{")
    assert f"{STATE}/{name}" not in _packed()


def test_what_goes_while_it_is_read_is_read_as_it_is_then(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = here / "stacks/bj.yaml"
    gone.write_text("{}")
    before = files()
    gone.unlink()
    listings = iter([before])
    monkeypatch.setattr(installation, "files", lambda: next(listings, files()))
    assert _packed() == ["stacks/cd.yaml", "stacks/installation", f"{STATE}/cd.json"]
    assert changed(before) > 0
    assert digest(before) != digest(files())


def test_what_cannot_be_read_at_all_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = here / "stacks/bj.yaml"
    monkeypatch.setattr(installation, "files", lambda: {"stacks/bj.yaml": lost})
    with pytest.raises(Trouble, match=r"stacks/bj\.yaml: No such file or directory\); repeat"), packed():
        pass


def test_what_changes_after_it_was_packed_is_not_taken_for_saved(here: Path) -> None:
    with packed() as (_, told):
        assert told == digest(files())
        (here / "stacks/cd.yaml").write_text("{since: 1998}")
    assert told != digest(files())
