"""One path of a backup takes its place in a volume that is in use, or nothing happens."""

import json
import os
from pathlib import Path

import pytest

from clearinghouse.upkeep.program import obey
from clearinghouse.upkeep.putting_back import put_back
from clearinghouse.upkeep.restic import ResticFailed
from tests.upkeep.conftest import CODE, Bench


@pytest.fixture
def volume(bench: Bench, tmp_path: Path) -> Path:
    """A site of which there is a backup."""
    volume = tmp_path / "site"
    (volume / "pages/old").mkdir(parents=True)
    (volume / "index.php").write_text("index")
    (volume / "pages/one[1].html").write_text("one")
    (volume / "pages/old/two.html").write_text("two")
    bench.save("run-20270110T021700Z-0001,files", str(volume))
    return volume


def _put(bench: Bench, volume: Path, path: str) -> None:
    (snapshot,) = json.loads(bench.restic("snapshots", "--json"))
    put_back(bench.upkeep.place("first", CODE), snapshot["id"], f"{volume}{path}", str(volume), volume)


def test_a_file_takes_the_place_of_what_is_there_now(bench: Bench, volume: Path) -> None:
    (volume / "index.php").write_text("hacked")
    (volume / "pages/one[1].html").unlink()
    _put(bench, volume, "/index.php")
    _put(bench, volume, "/pages/one[1].html")
    assert (volume / "index.php").read_text() == "index"
    assert (volume / "pages/one[1].html").read_text() == "one"
    assert sorted(os.listdir(volume)) == ["index.php", "pages"]


def test_a_folder_is_as_it_was_and_what_came_since_is_gone(bench: Bench, volume: Path) -> None:
    (volume / "pages/old/two.html").write_text("hacked")
    (volume / "pages/shell.php").write_text("hacked")
    _put(bench, volume, "/pages")
    assert sorted(os.listdir(volume / "pages")) == ["old", "one[1].html"]
    assert (volume / "pages/old/two.html").read_text() == "two"


def test_folders_above_it_that_are_gone_come_back_with_it(bench: Bench, volume: Path) -> None:
    (volume / "pages").rename(volume.parent / "elsewhere")
    _put(bench, volume, "/pages/old/two.html")
    assert (volume / "pages/old/two.html").read_text() == "two"
    assert not (volume / "pages/one[1].html").exists()


def test_a_link_above_it_leads_nowhere(bench: Bench, volume: Path) -> None:
    elsewhere = volume.parent / "elsewhere"
    (volume / "pages").rename(elsewhere)
    (volume / "pages").symlink_to(elsewhere)
    (elsewhere / "one[1].html").write_text("another's")
    with pytest.raises(NotADirectoryError, match="pages is no folder there"):
        _put(bench, volume, "/pages/one[1].html")
    assert (elsewhere / "one[1].html").read_text() == "another's"


def test_what_is_damaged_changes_nothing(bench: Bench, volume: Path) -> None:
    (volume / "index.php").write_text("of today")
    for pack in (bench.first / "data").rglob("*"):
        if pack.is_file():
            pack.chmod(0o600)
            pack.write_bytes(b"x" * pack.stat().st_size)
    with pytest.raises(ResticFailed):
        _put(bench, volume, "/index.php")
    assert (volume / "index.php").read_text() == "of today"
    assert sorted(os.listdir(volume)) == ["index.php", "pages"]


def test_what_a_killed_one_left_goes_with_the_next(bench: Bench, volume: Path) -> None:
    (volume / ".put-back/site").mkdir(parents=True)
    _put(bench, volume, "/index.php")
    assert sorted(os.listdir(volume)) == ["index.php", "pages"]


def test_upkeep_tallies_dumps_and_refuses_what_it_does_not_know(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.sql").write_text("COPY t (id) FROM stdin;\n1\n2\n\\.\n")
    assert obey(bench.upkeep, ["tally", str(tmp_path / "a.sql")]) == 0
    assert json.loads(capsys.readouterr().out)["t"]["count"] == 2
    assert obey(bench.upkeep, ["forget", "everything"]) == 2
