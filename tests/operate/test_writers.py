"""Whoever changes a partner's data is stopped, all of them, and is there again where something fails."""

from types import SimpleNamespace
from typing import Any

import pytest

from clearinghouse.errors import Trouble
from clearinghouse.operate.writers import paused


def _engine(done: list[str], **roles: str) -> Any:
    """An engine with a container of each name, by its role; the one called `exited` does not run."""
    made = [
        SimpleNamespace(
            labels={"be.clearinghouse.role": role},
            status="exited" if name == "exited" else "running",
            stop=lambda name=name, **_: done.append(f"stop {name}"),
            start=lambda name=name: done.append(f"start {name}"),
        )
        for name, role in roles.items()
    ]
    return SimpleNamespace(containers=SimpleNamespace(list=lambda **_: made))


def test_all_that_run_are_stopped_also_two_of_a_kind() -> None:
    done: list[str] = []
    roles = {"web": "web", "new": "app", "old": "app", "exited": "app", "jobs": "cron", "sftp": "access"}
    with paused(_engine(done, **roles), "cd"):
        assert done == ["stop sftp", "stop jobs", "stop new", "stop old"]
    assert len(done) == 4, "those that took over run"


def test_where_something_fails_they_are_there_again_the_last_one_first() -> None:
    done: list[str] = []
    with pytest.raises(Trouble), paused(_engine(done, app="app", jobs="cron"), "cd"):
        raise Trouble("no")
    assert done == ["stop jobs", "stop app", "start app", "start jobs"]


def test_also_where_it_is_interrupted_while_they_stop() -> None:
    done: list[str] = []
    engine = _engine(done, app="app", jobs="cron")
    engine.containers.list()[0].stop = _interrupt
    with pytest.raises(KeyboardInterrupt), paused(engine, "cd"):
        done.append("worked")
    assert done == ["stop jobs", "start app", "start jobs"]


def _interrupt(**_: object) -> None:
    raise KeyboardInterrupt
