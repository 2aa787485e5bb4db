"""What the Docker provider cannot do by itself, done by resource hooks.

Hooks run in this program and in no preview, so previews stay empty.
"""

import docker
import docker.errors
import pulumi

from clearinghouse.disk import make
from clearinghouse.engine import LABEL
from clearinghouse.errors import Trouble
from clearinghouse.plan.plan import Container, PartnerImage, Plan, SiteImage, Volume
from clearinghouse.provision.limiter import Limiter
from clearinghouse.provision.preflight import disk_of
from clearinghouse.provision.repositories import make_folder
from clearinghouse.provision.site_image import FindFolder
from clearinghouse.provision.site_image import make as make_site
from clearinghouse.provision.succession import Succession

_TEMPORARY = {"/tmp", "/run"}


class Hooks:
    """The hooks of one stack.

    Args:
        plan: whose containers and networks they are for.
        client: the engine that they run on.
        drain_image: id of the image `drain`; empty for a stack that replaces nothing new one first.
        site_folder: gives the folder of a built site, for a stack that has one.
    """

    def __init__(
        self,
        plan: Plan,
        client: docker.DockerClient,
        *,
        drain_image: str = "",
        site_folder: FindFolder | None = None,
    ) -> None:
        self._plan = plan
        self._client = client
        self._drain_image = drain_image
        self._site_folder = site_folder
        self._leftover_container = pulumi.ResourceHook("leftover-container", self._remove_container)
        self._adopted_volume = pulumi.ResourceHook("adopted-volume", self._tell_adopted)
        self._disk = pulumi.ResourceHook("disk", self._make_disk)
        self._leftover_network = pulumi.ResourceHook("leftover-network", self._remove_network)

    def for_container(self, container: Container) -> pulumi.ResourceHookBinding:
        """Limit its processes; make room first where its name is fixed, else let it take over.

        For what prepares volumes: make the disk that they lie on.
        """
        if container.runs_once:
            has_disk = self._plan.disk is not None and container.prepares_disk
            return pulumi.ResourceHookBinding(before_create=[self._disk] if has_disk else [])

        binding = pulumi.ResourceHookBinding()
        if container.replacement == "delete-first":
            binding.before_create = [self._leftover_container]
        else:
            self._let_take_over(container.role, binding)
        self._limit(container, binding)
        if isinstance(container.image, PartnerImage):
            binding.before_create = [self._own_volumes(container), *(binding.before_create or [])]
        return binding

    def for_site_image(self, image: SiteImage) -> pulumi.ResourceHookBinding:
        """Make the image of a built site where it is not on the host yet."""

        def build(_: pulumi.ResourceHookArgs) -> None:
            if self._site_folder is not None:
                make_site(self._plan, image, self._client, self._site_folder)

        return pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook("build-site", build)])

    def for_volume(self, volume: Volume) -> pulumi.ResourceHookBinding:
        """Say when it was there already: data that was kept is found again. Make the folder that one is."""
        if not volume.within:
            return pulumi.ResourceHookBinding(before_create=[self._adopted_volume])

        def make_room(_: pulumi.ResourceHookArgs) -> None:
            make_folder(self._client, self._plan, volume)

        folder = pulumi.ResourceHook(f"folder-{volume.role}", make_room)
        return pulumi.ResourceHookBinding(before_create=[self._adopted_volume, folder])

    def for_network(self) -> pulumi.ResourceHookBinding:
        """Make room for a network of the same name."""
        return pulumi.ResourceHookBinding(before_create=[self._leftover_network])

    def _limit(self, container: Container, binding: pulumi.ResourceHookBinding) -> None:
        limiter = Limiter(self._client, self._plan.owner, container.role, container.processes)

        def limit(args: pulumi.ResourceHookArgs) -> None:
            if args.new_outputs is not None:
                limiter.complete(str(args.new_outputs["id"]))

        begin = pulumi.ResourceHook(f"watch-processes-{container.role}", lambda _: limiter.begin())
        hook = pulumi.ResourceHook(f"limit-processes-{container.role}", limit)
        binding.before_create = [*(binding.before_create or []), begin]
        # Before an old one is taken out of service.
        binding.after_create = [hook, *(binding.after_create or [])]
        binding.after_update = [hook]

    def _let_take_over(self, role: str, binding: pulumi.ResourceHookBinding) -> None:
        succession = Succession(self._client, self._plan, role, self._drain_image)

        def give_up(args: pulumi.ErrorHookArgs) -> bool:
            if args.failed_operation == "create" and (words := succession.give_up()):
                pulumi.log.error(f"stack {self._plan.stack}: {words}")
            return False

        begin = pulumi.ResourceHook(f"begin-{role}", lambda _: succession.begin())
        complete = pulumi.ResourceHook(f"complete-{role}", lambda _: succession.complete())
        binding.before_create = [begin]
        binding.after_create = [*(binding.after_create or []), complete]
        binding.on_error = [pulumi.ErrorHook(f"give-up-{role}", give_up)]

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
