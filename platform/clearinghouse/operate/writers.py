"""Those who change a partner's data, stopped for a while."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import docker
import docker.errors
from docker.models.containers import Container

from clearinghouse.engine import containers_of
from clearinghouse.provision.generations import WRITERS, role_of


@contextmanager
def paused(client: docker.DockerClient, owner: str) -> Iterator[None]:
    """While nobody changes a partner's data; where something fails, those who do are there again."""
    found = _running(client, owner)
    try:
        _stop(found)
        yield
    except BaseException:
        for container in reversed(found):
            # One that another took over from is gone; and one that cannot be started keeps no other from it.
            with suppress(docker.errors.APIError):
                container.start()
        raise


def stop(client: docker.DockerClient, owner: str) -> None:
    """Stop all that run."""
    _stop(_running(client, owner))


def _running(client: docker.DockerClient, owner: str) -> list[Container]:
    """Those by whom somebody comes in are first."""
    running = [each for each in containers_of(client, owner) if each.status == "running"]
    return sorted((each for each in running if role_of(each) in WRITERS), key=_turn)


def _stop(containers: Iterable[Container]) -> None:
    for container in containers:
        container.stop(timeout=10)


def _turn(container: Container) -> int:
    return WRITERS.index(role_of(container))
