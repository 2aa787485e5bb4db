"""What a killed `chm` left on a host beside what the state knows; none of it holds data."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import docker
from docker.models.containers import Container

from clearinghouse.engine import LABEL, containers_of
from clearinghouse.operate.put import PUT
from clearinghouse.plan.plan import Plan

_LONGEST_PUT = timedelta(hours=1)


def leftovers(plan: Plan, client: docker.DockerClient, known: Collection[str]) -> list[Container]:
    """The containers that the state does not know, but for what a `chm put` works with now.

    Args:
        known: the ids of everything that the state knows.
    """
    strange = [each for each in containers_of(client, plan.owner) if each.id not in known]
    return [each for each in strange if not _is_put_in_progress(each)]


def _is_put_in_progress(container: Container) -> bool:
    if container.labels.get(f"{LABEL}.role") != PUT or container.status != "created":
        return False
    return datetime.now(UTC) - datetime.fromisoformat(container.attrs["Created"]) < _LONGEST_PUT
