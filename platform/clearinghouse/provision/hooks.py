"""What the Docker provider cannot do by itself, done by resource hooks.

Hooks run in this program and in no preview, so previews stay empty.
"""

import docker
import docker.errors
import pulumi

from clearinghouse.disk import make
from clearinghouse.engine import LABEL, limit_processes
from clearinghouse.plan.plan import Container, Plan
from clearinghouse.provision.preflight import disk_of


class Hooks:
    """The hooks of one stack.

    Args:
        plan: whose containers and networks they are for.
        client: the engine that they run on.
    """

    def __init__(self, plan: Plan, client: docker.DockerClient) -> None:
        self._plan = plan
        self._client = client
        self._leftover_container = pulumi.ResourceHook("leftover-container", self._remove_container)
        self._adopted_volume = pulumi.ResourceHook("adopted-volume", self._tell_adopted)
        self._disk = pulumi.ResourceHook("disk", self._make_disk)
        self._leftover_network = pulumi.ResourceHook("leftover-network", self._remove_network)

    def for_container(self, container: Container) -> pulumi.ResourceHookBinding:
        """Limit its processes; make room first where its name is fixed, or the disk for what it prepares."""

        def limit(args: pulumi.ResourceHookArgs) -> None:
            if args.new_outputs is not None:
                limit_processes(self._client, str(args.new_outputs["id"]), container.processes)

        hook = pulumi.ResourceHook(f"limit-processes-{container.role}", limit)
        fixed = container.replacement == "delete-first"
        has_disk = container.runs_once and self._plan.disk is not None
        return pulumi.ResourceHookBinding(
            before_create=[
                *([self._leftover_container] if fixed else []),
                *([self._disk] if has_disk else []),
            ],
            after_create=[] if container.runs_once else [hook],
            after_update=[] if container.runs_once else [hook],
        )

    def for_volume(self) -> pulumi.ResourceHookBinding:
        """Say when it was there already: data that was kept is found again."""
        return pulumi.ResourceHookBinding(before_create=[self._adopted_volume])

    def for_network(self) -> pulumi.ResourceHookBinding:
        """Make room for a network of the same name."""
        return pulumi.ResourceHookBinding(before_create=[self._leftover_network])

    def _remove_container(self, args: pulumi.ResourceHookArgs) -> None:
        """A killed `up` can leave a container that the state does not know; it holds no data."""
        try:
            leftover = self._client.containers.get(args.name)
        except docker.errors.NotFound:
            return
        if leftover.labels.get(f"{LABEL}.owner") == (self._plan.owner or "host"):
            leftover.remove(force=True)

    def _make_disk(self, _: pulumi.ResourceHookArgs) -> None:
        make(self._client, disk_of(self._plan))

    def _tell_adopted(self, args: pulumi.ResourceHookArgs) -> None:
        try:
            self._client.volumes.get(args.name)
        except docker.errors.NotFound:
            return
        pulumi.log.info(f"adopted the kept data volume {args.name}")

    def _remove_network(self, args: pulumi.ResourceHookArgs) -> None:
        for leftover in self._client.networks.list(names=[args.name]):
            labels = leftover.attrs.get("Labels") or {}
            if leftover.name == args.name and labels.get(f"{LABEL}.owner") == (self._plan.owner or "host"):
                leftover.remove()
