"""Processes that share jobs: each is done once, and what goes wrong in one is known in all."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.site.build import Aim, build
from clearinghouse.site.crew import shared
from tests.site.information import a_country
from tests.site.test_incremental import PAGES, an_installation


@pytest.fixture(autouse=True)
def three_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)


def done(numbers: Iterator[int]) -> list[tuple[int, int]]:
    found = []
    for number in numbers:
        time.sleep(0.001)
        found.append((number, os.getpid()))
    return found


def test_every_job_is_done_once_by_one_of_several_processes() -> None:
    found = [each for part in shared(done, 300) for each in part]
    assert sorted(number for number, _ in found) == [*range(300)]
    assert len({process for _, process in found}) == 3


def test_where_threads_run_no_process_is_started() -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert shared(done, 3) == [[(number, os.getpid()) for number in range(3)]]
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("is_here", [True, False])
def test_what_a_process_raises_is_raised(*, is_here: bool) -> None:
    here = os.getpid()

    def work(numbers: Iterator[int]) -> None:
        if (os.getpid() == here) is is_here:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        shared(work, 3)


def test_a_process_that_is_killed_is_told() -> None:
    here = os.getpid()

    def work(numbers: Iterator[int]) -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(Trouble, match="was killed"):
        shared(work, 3)


def test_a_broken_link_that_another_process_finds_leaves_nothing_behind() -> None:
    broken = {name: f"{text}\nVoir [ici](page:nulle-part).\n" for name, text in PAGES.items()}
    with an_installation({**PAGES, **broken}) as here:
        with pytest.raises(Trouble) as trouble:
            build(here, a_country("fr"), aim=Aim("sites", lambda _: None))
        assert len(str(trouble.value).splitlines()) == len(PAGES)
        assert _left(here / ".state/sites") == []


def _left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() or path.suffix == ".part"]
