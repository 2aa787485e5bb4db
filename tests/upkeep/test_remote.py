"""A second place that is elsewhere: a rest-server that takes nothing back, behind a password."""

import base64
import hashlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearinghouse.upkeep.care import DONE, HALF
from clearinghouse.upkeep.program import Upkeep
from tests.lab import wait_until
from tests.upkeep.conftest import CODE, Bench


class Elsewhere:
    """The server; it can go away and come back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        folder.mkdir()
        hashed = base64.b64encode(hashlib.sha1(b"open sesame").digest()).decode()
        (folder / "htpasswd").write_text(f"chm:{{SHA}}{hashed}\n")
        self.begin()

    def begin(self) -> None:
        at = ["--listen", f"127.0.0.1:{self.port}", "--path", str(self.folder / "data")]
        told = ["--append-only", "--htpasswd-file", str(self.folder / "htpasswd")]
        self.process = subprocess.Popen(
            ["rest-server", *at, *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._answers, "the server answers", 20)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    server = Elsewhere(tmp_path / "elsewhere")
    yield server
    server.end()


@pytest.fixture
def upkeep(bench: Bench, elsewhere: Elsewhere) -> Upkeep:
    access = bench.folders.secrets / "second_access"
    access.write_text("RESTIC_REST_USERNAME=chm\nRESTIC_REST_PASSWORD=open sesame\n")
    return Upkeep(bench.folders, f"rest:http://127.0.0.1:{elsewhere.port}/", lambda: bench.now)


def test_a_run_is_done_when_it_was_read_back_elsewhere(bench: Bench, upkeep: Upkeep) -> None:
    run = bench.backup()
    report = upkeep.care(CODE)
    assert report.is_well, report
    assert report.runs == {run: DONE}
    assert "rest:http" in upkeep.line(CODE, report)


def test_nothing_is_forgotten_elsewhere(bench: Bench, upkeep: Upkeep, elsewhere: Elsewhere) -> None:
    for _ in range(4):
        bench.backup()
        assert upkeep.care(CODE).is_well
        bench.pass_time(days=30)
    bench.pass_time(days=30)
    bench.backup()
    report = upkeep.care(CODE)
    assert report.is_well, report
    assert len(report.runs) < 5
    assert len(os.listdir(elsewhere.folder / "data" / CODE / "snapshots")) == 10


def test_a_place_that_is_away_leaves_the_run_half_until_it_is_back(
    bench: Bench, upkeep: Upkeep, elsewhere: Elsewhere
) -> None:
    run = bench.backup()
    elsewhere.end()
    report = upkeep.care(CODE)
    assert report.runs == {run: HALF}
    assert report.faults[0].startswith("second place: ")
    elsewhere.begin()
    report = upkeep.care(CODE)
    assert (report.is_well, report.runs) == (True, {run: DONE}), report
