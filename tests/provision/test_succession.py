"""The drain and the watch need a kernel and are in the live tests; here is what is asked of the engine."""

from unittest.mock import Mock

from docker.models.containers import Container

from clearinghouse.plan.plan import Plan
from clearinghouse.provision.preflight import check_kept
from clearinghouse.provision.succession import Succession

PLAN = Plan("cd", "cd", "host-only", "local", (), (), installation="here")


def web(number: str) -> Container:
    marks = {"owner": "cd", "role": "web", "installation": "here"}
    labels = {f"be.clearinghouse.{key}": value for key, value in marks.items()}
    return Container(
        attrs={"Id": number, "State": {"Status": "running"}, "Config": {"Labels": labels}}, client=Mock()
    )


def test_a_drain_that_is_left_over_is_the_installations_own() -> None:
    client = Mock()
    client.containers.list.return_value = [web("old")]
    succession = Succession(client, PLAN, "web", "drain")
    succession.begin()
    succession.complete()
    labels = client.containers.run.call_args.kwargs["labels"]
    left = Mock(labels=labels)
    client.containers.list.return_value = [left]
    client.volumes.list.return_value = []
    assert check_kept(PLAN, client) == ()
