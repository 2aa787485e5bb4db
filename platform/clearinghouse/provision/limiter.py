"""Limits the processes of a new container as soon as it is there, not only when it is well.

The Docker provider has no input for this limit and waits for a container's health before any hook
runs; a partner's program that forks at its start would have no limit meanwhile.
"""

import threading
from contextlib import suppress

import docker
import docker.errors

from clearinghouse.engine import LABEL, limit_processes

_PAUSE = 0.1


class Limiter:
    """The limit of processes of one role's containers.

    Args:
        client: the engine that they run on.
        owner: whose they are; empty for a host's own.
        role: what they do.
        most: the most processes and threads at a time.
    """

    def __init__(self, client: docker.DockerClient, owner: str, role: str, most: int) -> None:
        self._client = client
        self._labels = [f"{LABEL}.owner={owner or 'host'}", f"{LABEL}.role={role}"]
        self._most = most
        self._done: set[str] = set()
        self._is_over = threading.Event()

    def begin(self) -> None:
        """Note who is there, and limit whoever comes."""
        self._done = self._there()
        threading.Thread(target=self._watch, daemon=True).start()

    def complete(self, container: str) -> None:
        """The new one is there: limit it, also when it was limited before, and watch no longer."""
        self._is_over.set()
        limit_processes(self._client, container, self._most)

    def _watch(self) -> None:
        while not self._is_over.wait(_PAUSE):
            # One that is being started or is gone already may be refused: the next look is soon.
            with suppress(docker.errors.DockerException, OSError):
                for container in self._there() - self._done:
                    limit_processes(self._client, container, self._most)
                    self._done.add(container)

    def _there(self) -> set[str]:
        found = self._client.api.containers(all=True, filters={"label": self._labels})
        return {str(each["Id"]) for each in found}
