"""What the Docker provider cannot do by itself, done by resource hooks.

Hooks run in this program and in no preview, so previews stay empty.
"""

import docker
import docker.errors
import pulumi

from clearinghouse.engine import LABEL, limit_processes
from clearinghouse.errors import Trouble
from clearinghouse.plan.plan import Container, PartnerImage, Plan

_TEMPORARY = {"/tmp", "/run"}


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
        self._leftover_network = pulumi.ResourceHook("leftover-network", self._remove_network)

    def for_container(self, container: Container) -> pulumi.ResourceHookBinding:
        """Limit its processes; make room first where its name is fixed."""

        def limit(args: pulumi.ResourceHookArgs) -> None:
            if args.new_outputs is not None:
                limit_processes(self._client, str(args.new_outputs["id"]), container.processes)

        hook = pulumi.ResourceHook(f"limit-processes-{container.role}", limit)
        fixed = container.replacement == "delete-first"
        foreign = isinstance(container.image, PartnerImage)
        return pulumi.ResourceHookBinding(
            before_create=[
                *([self._own_volumes(container)] if foreign else []),
                *([self._leftover_container] if fixed else []),
            ],
            after_create=[] if container.runs_once else [hook],
            after_update=[] if container.runs_once else [hook],
        )

    def for_network(self) -> pulumi.ResourceHookBinding:
        """Make room for a network of the same name."""
        return pulumi.ResourceHookBinding(before_create=[self._leftover_network])

    def _own_volumes(self, container: Container) -> pulumi.ResourceHook:
        """Refuse an image that keeps data in a place of its own: it would be lost, and under no limit."""
        given = {mount.path for mount in container.mounts} | _TEMPORARY

        def check(args: pulumi.ResourceHookArgs) -> None:
            if args.new_inputs is None:
                return
            image = self._client.images.get(str(args.new_inputs["image"]))
            declared = {path.rstrip("/") for path in image.attrs["Config"].get("Volumes") or {}}
            if elsewhere := sorted(declared - given):
                raise Trouble(
                    f"stack {self._plan.stack}: the image keeps data in {', '.join(elsewhere)} (VOLUME),"
                    " which would be lost here; take one that writes below /site, and name the folder"
                    " under `site.writable`"
                )

        return pulumi.ResourceHook(f"own-volumes-{container.role}", check)

    def _remove_container(self, args: pulumi.ResourceHookArgs) -> None:
        """A killed `up` can leave a container that the state does not know; it holds no data."""
        try:
            leftover = self._client.containers.get(args.name)
        except docker.errors.NotFound:
            return
        if leftover.labels.get(f"{LABEL}.owner") == (self._plan.owner or "host"):
            leftover.remove(force=True)

    def _remove_network(self, args: pulumi.ResourceHookArgs) -> None:
        for leftover in self._client.networks.list(names=[args.name]):
            labels = leftover.attrs.get("Labels") or {}
            if leftover.name == args.name and labels.get(f"{LABEL}.owner") == (self._plan.owner or "host"):
                leftover.remove()
