from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import docker
import docker.errors
import pytest
from docker.models.containers import Container

from clearinghouse.operate.leftovers import Leftovers
from clearinghouse.plan.planner import plan_partner
from tests.plan.partners import a_host, a_partner

PLAN = plan_partner(a_partner(), a_host())
IS_DONE = ["/usr/local/bin/drain", "--is-done"]


class Engine:
    """Containers of cd, which of them refuse connections, and what was done, in its order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client = Mock()
        self.client.containers.list.side_effect = lambda **_: list(self._there.values())
        self.client.containers.run.side_effect = self._run_beside
        self.drained: set[str] = set()
        self.done: list[str] = []
        self._there: dict[str, Container] = {}
        for verb in ("remove", "restart", "stop"):
            monkeypatch.setattr(Container, verb, self._told(verb))
        monkeypatch.setattr("clearinghouse.operate.leftovers.image_ids", lambda *_: {"drain": "drain"})

    def add(self, name: str, role: str, health: str = "healthy", **more: Any) -> None:
        """A container; `more` is its status, its exit code and its age."""
        made = datetime.now(UTC) - more.get("age", timedelta(minutes=1))
        labels = {"be.clearinghouse.owner": "cd", "be.clearinghouse.role": role}
        state = {"Status": more.get("status", "running"), "Health": {"Status": health}}
        state["ExitCode"] = more.get("exit_code", 0)
        attrs = {
            "Id": name,
            "Created": f"{made:%Y-%m-%dT%H:%M:%S}.123456789Z",
            "State": state,
            "Config": {"Labels": labels},
        }
        self._there[name] = Container(attrs=attrs)

    def take_away(self, name: str) -> None:
        """As Pulumi does."""
        del self._there[name]

    def _told(self, verb: str) -> Any:
        def do(container: Container, **_: object) -> None:
            name = str(container.id)
            self.done.append(f"{verb} {name}")
            if verb == "remove":
                del self._there[name]
            if verb == "restart":
                self.drained.discard(name)

        return do

    def _run_beside(self, image: str, command: list[str], **how: Any) -> None:
        name = how["network_mode"].removeprefix("container:")
        if command == IS_DONE and name not in self.drained:
            raise docker.errors.ContainerError(name, 1, command, image, "")
        if command != IS_DONE:
            self.done.append(f"drain {name}")
            self.drained.add(name)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    return Engine(monkeypatch)


@pytest.mark.parametrize(("exit_code", "done"), [(137, ["remove step"]), (0, [])])
def test_a_step_that_failed_goes_so_that_it_is_done_again(
    engine: Engine, exit_code: int, done: list[str]
) -> None:
    engine.add("step", "prepare", status="exited", exit_code=exit_code)
    left = Leftovers(PLAN, engine.client, {"step"})
    left.clear()
    assert (len(left), engine.done) == (len(done), done)


def test_what_the_state_knows_is_no_leftover(engine: Engine) -> None:
    engine.add("old", "web")
    engine.add("step", "prepare", status="exited")
    left = Leftovers(PLAN, engine.client, {"old"})
    left.clear()
    assert len(left) == 1
    assert engine.done == ["remove step"]


@pytest.mark.parametrize(
    ("status", "age", "is_left"),
    [
        ("created", timedelta(minutes=50), False),
        ("created", timedelta(minutes=70), True),
        ("exited", timedelta(minutes=1), True),
    ],
)
def test_a_put_in_progress_is_left_alone_for_an_hour(
    engine: Engine, status: str, age: timedelta, *, is_left: bool
) -> None:
    engine.add("filler", "put", status=status, age=age)
    assert bool(Leftovers(PLAN, engine.client, ())) == is_left


def test_one_that_alone_serves_stays_until_another_one_does(engine: Engine) -> None:
    engine.add("old", "web")
    engine.add("left", "web")
    engine.drained.add("old")
    left = Leftovers(PLAN, engine.client, {"old"})
    left.clear()
    assert engine.done == []
    engine.take_away("old")
    engine.add("new", "web")
    left.hand_over()
    left.retire()
    assert engine.done == ["drain left", "stop left", "remove left"]


def test_an_up_that_changes_nothing_hands_back_to_the_one_before(engine: Engine) -> None:
    engine.add("old", "web")
    engine.add("left", "web")
    engine.drained.add("old")
    left = Leftovers(PLAN, engine.client, {"old"})
    left.clear()
    left.hand_over()
    left.retire()
    assert engine.done == ["restart old", "drain left", "stop left", "remove left"]


def test_one_that_is_not_well_goes_at_once_after_the_one_before_serves(engine: Engine) -> None:
    engine.add("old", "web")
    engine.add("left", "web", health="unhealthy")
    engine.drained.add("old")
    Leftovers(PLAN, engine.client, {"old"}).clear()
    assert engine.done == ["restart old", "remove left"]


def test_one_that_waits_for_its_removal_does_not_serve_again_beside_the_new_one(engine: Engine) -> None:
    engine.add("old", "web")
    engine.add("new", "web")
    engine.drained.add("old")
    Leftovers(PLAN, engine.client, {"old", "new"}).clear()
    assert engine.done == []
