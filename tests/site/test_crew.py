"""Processes that share jobs: each is done once, and what goes wrong in one is known in all."""

import multiprocessing
import os
import signal
import threading
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
    """And no thread of another test."""
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_every_job_is_done_once_by_one_of_several_processes() -> None:
    all_are_there = multiprocessing.get_context("fork").Barrier(3)

    def work(numbers: Iterator[int]) -> list[int]:
        found = [next(numbers)]
        all_are_there.wait(60)
        return [*found, *numbers]

    parts = shared(work, 300)
    assert len(parts) == 3
    assert sorted(number for part in parts for number in part) == [*range(300)]


def test_where_threads_run_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert shared(list, 3) == [[0, 1, 2]]


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
