"""What comes as an archive is unpacked within its folder, whole or not at all."""

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate.unpacking import Source, unpack

MANY = 300
LARGE = b"x" * 3_000_000


def _archive(*entries: tuple[str, bytes | str | None]) -> bytes:
    """Files with their content, links with where they point (as text), folders (None)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.mtime, info.mode = 1_600_000_000, 0o6750
            if content is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o2550
            elif isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content) if isinstance(content, bytes) else None)
    return buffer.getvalue()


def _in_pieces(archive: bytes, size: int = 7000) -> Iterator[bytes]:
    yield from (archive[start : start + size] for start in range(0, len(archive), size))


def _unpack(into: Path, *entries: tuple[str, bytes | str | None]) -> list[int]:
    told: list[int] = []
    unpack(Source(_in_pieces(_archive(*entries)), told.append), into)
    return told


def test_files_large_and_small_are_as_they_were(tmp_path: Path) -> None:
    small = [(f"/site/{number % 7}/{number}.html", f"page {number}".encode()) for number in range(MANY)]
    told = _unpack(tmp_path, ("/site", None), ("/site/large.iso", LARGE), *small)
    assert (tmp_path / "site/large.iso").read_bytes() == LARGE
    for name, content in small:
        assert (tmp_path / name.lstrip("/")).read_bytes() == content
    assert sum(told) > len(LARGE)


@pytest.mark.parametrize("length", [0, 512, 512 + 1024, 512 + 1024 + 100, 3072, 3500])
def test_an_archive_that_broke_off_anywhere_is_not_taken_for_whole(tmp_path: Path, length: int) -> None:
    whole = _archive(("/site", None), ("/site/one", b"1" * 600), ("/site/two", b"2" * 600))
    with pytest.raises(Trouble, match="did not come whole"):
        unpack(Source(_in_pieces(whole[:length], 500), lambda _: None), tmp_path)


def test_modes_and_times_stay_and_nothing_is_set_uid(tmp_path: Path) -> None:
    _unpack(tmp_path, ("/site", None), ("/site/index.php", b"<?php"))
    found = (tmp_path / "site/index.php").stat()
    assert (found.st_mode & 0o7777, found.st_mtime) == (0o750, 1_600_000_000)
    assert (tmp_path / "site").stat().st_mode & 0o7777 == 0o550
    assert found.st_uid == os.getuid()


def test_a_link_is_made_when_all_files_are_and_nothing_is_written_through_it(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(FileExistsError):
        _unpack(tmp_path / "into", ("/site/uploads", str(elsewhere)), ("/site/uploads/shell.php", b"hacked"))
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside.txt", "/site/../../outside.txt"])
def test_what_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Trouble, match="should be a path within the backup"):
        _unpack(tmp_path / "into", (name, b"hacked"))
    assert not (tmp_path / "outside.txt").exists()


def test_an_archive_that_ends_too_early_is_told(tmp_path: Path) -> None:
    archive = _archive(("/site/large.iso", LARGE))
    with pytest.raises(Trouble, match="did not come whole"):
        unpack(Source(_in_pieces(archive[:1_000_000]), lambda _: None), tmp_path)


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="site"):
        _unpack(tmp_path, *((f"/site/{number}.html", b"page") for number in range(MANY)))
