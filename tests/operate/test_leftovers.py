from datetime import UTC, datetime, timedelta
from typing import Any, cast
from unittest.mock import Mock

import docker
import pytest
from docker.models.containers import Container

from clearinghouse.operate.leftovers import leftovers
from clearinghouse.plan.plan import Plan

PLAN = Plan("cd", "cd", "host-only", "local", (), (), installation="here")


def container(role: str, *, status: str = "running", age: timedelta = timedelta(minutes=1)) -> Container:
    attrs: dict[str, Any] = {
        "Id": role,
        "Created": f"{datetime.now(UTC) - age:%Y-%m-%dT%H:%M:%S}.123456789Z",
        "State": {"Status": status},
        "Config": {"Labels": {"be.clearinghouse.owner": "cd", "be.clearinghouse.role": role}},
    }
    return Container(attrs=attrs)


def engine(*containers: Container) -> docker.DockerClient:
    client = Mock()
    client.containers.list.return_value = list(containers)
    return cast("docker.DockerClient", client)


def test_what_the_state_knows_is_no_leftover() -> None:
    there = engine(container("web"), container("prepare", status="exited"))
    assert [each.id for each in leftovers(PLAN, there, {"web"})] == ["prepare"]


@pytest.mark.parametrize(
    ("status", "age", "is_left"),
    [
        ("created", timedelta(minutes=50), False),
        ("created", timedelta(minutes=70), True),
        ("exited", timedelta(minutes=1), True),
    ],
)
def test_a_put_in_progress_is_left_alone_for_an_hour(status: str, age: timedelta, *, is_left: bool) -> None:
    there = engine(container("put", status=status, age=age))
    assert bool(leftovers(PLAN, there, ())) == is_left
