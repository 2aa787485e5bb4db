"""Processes that share numbered jobs: this one, and a fork of it for each further processor."""

import multiprocessing
import os
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import IO, Generic, TypeVar

from clearinghouse.errors import COULD_NOT_FIND_OUT, Trouble

Result = TypeVar("Result")
Work = Callable[[Iterator[int]], Result]
"""Does the jobs of the numbers that it is given, and says what came of all of them."""
_FORK = multiprocessing.get_context("fork")
_DIGITS = 4


def shared(work: Work[Result], jobs: int) -> list[Result]:
    """What came of the work in each process; each takes the next job when it has done one.

    This process works alone where threads run: a fork would not survive them.

    Args:
        work: is called once in each process.
        jobs: how many there are; their numbers begin at 0.

    Raises:
        Trouble: a process was killed.
        Exception: the work raised it, here or there.
    """
    others = min(os.cpu_count() or 1, jobs) - 1
    if others < 1 or threading.active_count() > 1:
        return [work(iter(range(jobs)))]
    with tempfile.TemporaryFile(buffering=0) as queue:
        queue.write(b"".join(number.to_bytes(_DIGITS) for number in range(jobs)))
        queue.seek(0)
        helpers = [_Helper(work, queue) for _ in range(others)]
        try:
            return [work(_taken(queue)), *(helper.result() for helper in helpers)]
        finally:
            for helper in helpers:
                helper.dismiss()


def _taken(queue: IO[bytes]) -> Iterator[int]:
    """Numbers from a file that forks read too: where it is read is the same for all of them (POSIX, fork)."""
    while digits := queue.read(_DIGITS):
        yield int.from_bytes(digits)


class _Helper(Generic[Result]):
    """A fork that works."""

    def __init__(self, work: Work[Result], queue: IO[bytes]) -> None:
        self._end, its_end = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=_help, args=(work, queue, its_end))
        self._process.start()
        its_end.close()

    def result(self) -> Result:
        """What came of its work, when all of it is done."""
        try:
            result: Result
            result, error = self._end.recv()
        except EOFError:
            raise Trouble(
                "a process of the build was killed; see that there is enough memory, then build again",
                exit_code=COULD_NOT_FIND_OUT,
            ) from None
        if error:
            raise error
        return result

    def dismiss(self) -> None:
        """Nothing runs on, whatever happened here."""
        self._process.kill()
        self._process.join()
        self._end.close()


def _help(work: Work[Result], queue: IO[bytes], end: Connection) -> None:
    try:
        end.send((work(_taken(queue)), None))
    except BaseException as error:
        error.add_note(traceback.format_exc())  # which would stay here
        end.send((None, error))
