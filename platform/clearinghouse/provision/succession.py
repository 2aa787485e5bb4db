"""How a new container takes over from the one that it replaces, so that no request is lost.

The two are there at the same time, under the same aliases. When the new one is well, the old one's
kernel refuses further connections (whoever makes one tries the next address), and only then is it
stopped. A new one that cannot get well is taken away, and the old one goes on serving.
"""

import threading
from collections.abc import Collection, Iterator
from contextlib import suppress

import docker
import docker.errors
from docker.models.containers import Container as DockerContainer

from clearinghouse.engine import LABEL, containers_of, health
from clearinghouse.plan.plan import Plan
from clearinghouse.provision.labels import labels

DRAIN_IMAGE = "drain"
_RESTARTS = 4
"""Starts that failed, about six seconds of them, after which another one is not expected to end well."""
_PAUSE = 0.5
_GRACE = 30
"""Seconds in which what has begun may end, as for every other container."""


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
        """Take a new one that is not well away, and see to it that one before it serves.

        Returns:
            What it was and said last; empty when there was none.
        """
        self._is_over.set()
        for container in self._new():
            self._take_away(container)
        with suppress(docker.errors.DockerException):
            self.restore()
        return self._last_words

    def restore(self, leaving: Collection[str] = ()) -> None:
        """Let those serve again that an `up` took out of service before it was killed, if nobody else does.

        Args:
            leaving: ids of those that are not counted on, and left as they are.
        """
        running = [each for each in self._all() if each.status == "running" and each.id not in leaving]
        drained = [each for each in running if self._is_drained(each)]
        if not any(health(each) == "healthy" for each in running if each not in drained):
            for container in drained:
                # Its network is made anew, and with it the kernel's rules.
                container.restart()

    def retire(self, container: DockerContainer) -> None:
        """Take one out of service and away, while another one serves."""
        with suppress(docker.errors.DockerException):
            self._drain(container)
        with suppress(docker.errors.NotFound):
            container.stop(timeout=_GRACE)
            container.remove(force=True)

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
        self._run_beside(container, ["/usr/local/bin/drain"])

    def _is_drained(self, container: DockerContainer) -> bool:
        try:
            self._run_beside(container, ["/usr/local/bin/drain", "--is-done"])
        except docker.errors.DockerException:
            # Not so, or it just ends; only who surely refuses everybody is started again.
            return False
        return True

    def _run_beside(self, container: DockerContainer, command: list[str]) -> None:
        # Its network is the container's own; nothing of the partner runs in it.
        self._client.containers.run(
            self._drain_image,
            command,
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
    word = container.attrs["State"].get("Health", {}).get("Status")
    return word == "unhealthy" or int(container.attrs["RestartCount"]) >= _RESTARTS
