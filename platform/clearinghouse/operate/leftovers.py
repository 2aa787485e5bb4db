"""What a killed `chm` left on a host beside what the state knows; none of it holds data."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import docker
from docker.models.containers import Container

from clearinghouse.engine import LABEL, containers_of, health
from clearinghouse.operate.put import PUT
from clearinghouse.plan.plan import Plan
from clearinghouse.provision.images import image_ids
from clearinghouse.provision.succession import DRAIN_IMAGE, Succession

_LONGEST_PUT = timedelta(hours=1)


class Leftovers:
    """The containers that the state does not know, but for what a `chm put` works with now.

    And steps that run once and failed, as by an engine that ended: one is only done again when it is gone.

    One may be all that serves: the `up` that made it took the one before it out of service, and was
    killed before it wrote that down. So those that are well stay until another one is.

    Args:
        plan: whose they are.
        client: the engine that they are on.
        known: the ids of everything that the state knows.
    """

    def __init__(self, plan: Plan, client: docker.DockerClient, known: Collection[str]) -> None:
        self._plan = plan
        self._client = client
        there = containers_of(client, plan.owner)
        strange = [each for each in there if each.id not in known and not _is_put_in_progress(each)]
        once = {container.role for container in plan.containers if container.runs_once}
        failed = [each for each in there if each.id in known and _role(each) in once and _has_failed(each)]
        self._all = strange + failed
        self._roles = {c.role for c in plan.containers if c.replacement == "create-first" and not c.runs_once}
        # By its own check, which does not see whether it was taken out of service.
        self._serving = [c for c in self._all if _role(c) in self._roles and health(c) == "healthy"]

    def __len__(self) -> int:
        """How many there are, or were."""
        return len(self._all)

    @property
    def has_serving(self) -> bool:
        """Whether one of them served when they were found."""
        return bool(self._serving)

    def clear(self) -> None:
        """Remove those that do not serve; where nobody serves, who did before does again."""
        for role in self._roles:
            self._succession(role).restore()
        for container in self._all:
            if container not in self._serving:
                container.remove(force=True)

    def hand_over(self) -> None:
        """After an `up` that went well: who stays is to serve without those that are left."""
        for role in {_role(container) for container in self._serving}:
            self._succession(role).restore([str(container.id) for container in self._serving])

    def retire(self) -> None:
        """Take those away that served, when who stays is well."""
        for container in self._serving:
            self._succession(_role(container)).retire(container)

    def _succession(self, role: str) -> Succession:
        drain = image_ids({DRAIN_IMAGE}, self._plan.host, self._client)[DRAIN_IMAGE]
        return Succession(self._client, self._plan, role, drain)


def _role(container: Container) -> str:
    return str(container.labels.get(f"{LABEL}.role"))


def _has_failed(container: Container) -> bool:
    """Or was never started, as when its engine ended just then: the state takes it for done."""
    is_ended = container.status == "exited"
    return container.status == "created" or (is_ended and container.attrs["State"]["ExitCode"] != 0)


def _is_put_in_progress(container: Container) -> bool:
    if _role(container) != PUT or container.status != "created":
        return False
    return datetime.now(UTC) - datetime.fromisoformat(container.attrs["Created"]) < _LONGEST_PUT
