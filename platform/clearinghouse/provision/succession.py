"""How a new container takes over from the one that it replaces, so that no request is lost.

The two are there at the same time, under the same aliases. When the new one is well, the old one's
kernel refuses further connections (whoever makes one tries the next address), and only then is it
stopped. A new one that cannot get well is taken away, and the old one goes on serving.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress

import docker
import docker.errors
from docker.models.containers import Container as DockerContainer

from clearinghouse.engine import LABEL, containers_of
from clearinghouse.plan.plan import Plan
from clearinghouse.provision.labels import labels

DRAIN_IMAGE = "drain"
_RESTARTS = 4
"""Starts that failed, about six seconds of them, after which another one is not expected to end well."""
_PAUSE = 0.5


class Succession:
    """One role's change of containers.

    Args:
        client: the engine that they run on.
        plan: whose they are.
        role: what they do.
        drain_image: id of the image `drain`.
    """

    def __init__(self, client: docker.DockerClient, plan: Plan, role: str, drain_image: str) -> None:
        self._client = client
        self._plan = plan
        self._role = role
        self._drain_image = drain_image
        self._before: frozenset[str] = frozenset()
        self._is_over = threading.Event()
        self._last_words = ""

    def begin(self) -> None:
        """Note who serves now, and watch whoever comes."""
        self._before = frozenset(str(container.id) for container in self._all())
        threading.Thread(target=self._watch, daemon=True).start()

    def complete(self) -> None:
        """The new one is well: those before it refuse new connections."""
        self._is_over.set()
        for container in self._all():
            if container.id in self._before and container.status == "running":
                # One that just ends by itself needs none, and the new one serves already.
                with suppress(docker.errors.DockerException):
                    self._drain(container)

    def give_up(self) -> str:
        """Take a new one that is not well away.

        Returns:
            What it was and said last; empty when there was none.
        """
        self._is_over.set()
        for container in self._new():
            self._take_away(container)
        return self._last_words

    def _watch(self) -> None:
        while not self._is_over.wait(_PAUSE):
            with suppress(docker.errors.APIError):
                for container in self._new():
                    if _is_hopeless(container):
                        self._take_away(container)

    def _all(self) -> list[DockerContainer]:
        found = containers_of(self._client, self._plan.owner)
        return [container for container in found if container.labels.get(f"{LABEL}.role") == self._role]

    def _new(self) -> Iterator[DockerContainer]:
        return (container for container in self._all() if container.id not in self._before)

    def _take_away(self, container: DockerContainer) -> None:
        with suppress(docker.errors.NotFound):
            words = container.logs(tail=1).decode(errors="replace").strip()
            fate = "the one before it goes on serving" if self._before else "there is none before it"
            self._last_words = (
                f"{container.name} did not get healthy ({fate}); it said last: {words or 'nothing'}"
            )
            container.remove(force=True)

    def _drain(self, container: DockerContainer) -> None:
        # Its network is the container's own; nothing of the partner runs in it.
        self._client.containers.run(
            self._drain_image,
            network_mode=f"container:{container.id}",
            cap_drop=["ALL"],
            cap_add=["NET_ADMIN"],
            security_opt=["no-new-privileges:true"],
            read_only=True,
            tmpfs={"/run": "rw,noexec,nosuid,nodev,size=1m"},
            mem_limit="32m",
            labels=labels(self._plan, DRAIN_IMAGE),
            remove=True,
        )


def _is_hopeless(container: DockerContainer) -> bool:
    health = container.attrs["State"].get("Health", {}).get("Status")
    return health == "unhealthy" or int(container.attrs["RestartCount"]) >= _RESTARTS
