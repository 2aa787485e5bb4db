"""A plan becomes Pulumi resources: one component a stack, its parts below it."""

from collections.abc import Callable, Mapping

import pulumi
import pulumi_docker as docker

from clearinghouse.plan.addresses import gateway
from clearinghouse.plan.plan import Container, Image, Network, Plan, Seed, SiteImage, Tools, Volume
from clearinghouse.provision.container import make_container
from clearinghouse.provision.hooks import Hooks
from clearinghouse.provision.image import build_image, partner_image, site_image
from clearinghouse.provision.labels import labels
from clearinghouse.provision.seed import SEED_IMAGE, ReadSecret, make_seed
from clearinghouse.provision.tools import make_tools

FolderOf = Callable[[Volume], str | None]
_BRIDGE = "com.docker.network.bridge"
_TYPES = {
    "host": "clearinghouse:host:Host",
    "host-only": "clearinghouse:tier:HostOnly",
    "standard-site": "clearinghouse:tier:StandardSite",
}

_STOPPED = 143
"""The exit code (128 + SIGTERM) of a step that its engine stopped because it went away itself."""


class Stack(pulumi.ComponentResource):
    """Everything that a plan asks for.

    Args:
        plan: what is to be.
        image_ids: ids of the platform images that another stack has built; this one's own are built.
        secret: gives the value of a secret.
        hooks: what the provider cannot do by itself.
        provider: the Docker provider of the plan's host.
        folder_of: gives the folder of the host that a volume is; None where the engine chooses.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        image_ids: Mapping[str, str],
        secret: ReadSecret,
        hooks: Hooks,
        provider: docker.Provider,
        folder_of: FolderOf,
    ) -> None:
        super().__init__(_TYPES[plan.tier], plan.stack, None, _whole(plan.tier, provider))
        self._plan = plan
        self._secret = secret
        self._hooks = hooks
        self._folder_of = folder_of
        self._networks = {network.name: self._network(network) for network in plan.networks}
        self._images: dict[Image, pulumi.Input[str]] = {
            **dict(image_ids.items()),
            **{name: build_image(name, options=self._child()) for name in plan.images},
            **{image: partner_image(plan, image, options=self._child()) for image in plan.partner_images},
            **{image: self._site_image(image) for image in plan.site_images},
        }
        self._sources: dict[Volume | Seed | Tools, pulumi.Output[str]] = {
            **{volume: self._volume(volume) for volume in plan.volumes},
            **{seed: self._seed(seed) for seed in plan.seeds},
            **{tools: self._tools(tools) for tools in plan.tools},
        }
        self._containers: dict[str, docker.Container] = {}
        self._steps: list[pulumi.Output[int]] = []
        for container in plan.containers:
            self._containers[container.role] = self._container(container)
        self.volumes = [volume.name for volume in plan.volumes]
        self.register_outputs({"volumes": self.volumes, "prepared": pulumi.Output.all(*self._steps)})

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _site_image(self, image: SiteImage) -> pulumi.Output[str]:
        return site_image(self._plan, image, options=self._child(), hooks=self._hooks.for_site_image(image))

    def _network(self, network: Network) -> docker.Network:
        ipam = [
            docker.NetworkIpamConfigArgs(
                subnet=network.subnet, gateway=gateway(network.subnet), ip_range=network.dynamic_range
            )
        ]
        if network.subnet_v6:
            ipam.append(
                docker.NetworkIpamConfigArgs(subnet=network.subnet_v6, gateway=gateway(network.subnet_v6))
            )
        is_overlay = network.driver == "overlay"
        return docker.Network(
            network.name,
            name=network.name,
            driver=network.driver,
            internal=network.is_internal,
            attachable=is_overlay,
            ipv6=network.subnet_v6 is not None,
            ipam_configs=ipam,
            options=_bridge_options(network),
            labels=[
                docker.NetworkLabelArgs(label=key, value=value)
                for key, value in labels(self._plan, "network").items()
            ],
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                # Another tier is no reason to take a network from under those who serve.
                ignore_changes=["labels"],
                hooks=self._hooks.for_network(),
            ),
        )

    def _volume(self, volume: Volume) -> pulumi.Output[str]:
        made = docker.Volume(
            volume.name,
            name=volume.name,
            driver_opts=self._on_disk(volume),
            labels=[
                docker.VolumeLabelArgs(label=key, value=value)
                for key, value in labels(self._plan, volume.role, generation=str(volume.generation)).items()
            ],
            opts=pulumi.ResourceOptions(
                parent=self, retain_on_delete=True, hooks=self._hooks.for_volume(volume)
            ),
        )
        return made.name

    def _on_disk(self, volume: Volume) -> dict[str, str] | None:
        """The folder is on the mounted disk alone: without it nothing starts, and nothing goes elsewhere."""
        folder = self._folder_of(volume)
        return {"type": "none", "o": "bind", "device": folder} if folder else None

    def _seed(self, seed: Seed) -> pulumi.Output[str]:
        return make_seed(
            self._plan, seed, secret=self._secret, image_id=self._images[SEED_IMAGE], options=self._child()
        )

    def _tools(self, tools: Tools) -> pulumi.Output[str]:
        return make_tools(self._plan, tools, image_id=self._images[tools.image], options=self._child())

    def _container(self, container: Container) -> docker.Container:
        depends = [self._containers[role] for role in container.after]
        made = make_container(
            self._plan,
            container,
            image_id=self._images[container.image],
            networks={name: network.name for name, network in self._networks.items()},
            mounts={mount: self._sources[mount.source] for mount in container.mounts},
            options=pulumi.ResourceOptions(parent=self, depends_on=depends),
            hooks=self._hooks,
        )
        if container.runs_once:
            self._steps.append(made.exit_code.apply(self._check_step))
        return made

    def _check_step(self, exit_code: int | None) -> int:
        if exit_code == _STOPPED:
            raise pulumi.RunError(
                f"stack {self._plan.stack}: while a step prepared volumes its engine went away; start it and"
                " repeat, nothing is lost"
            )
        if exit_code:
            raise pulumi.RunError(
                f"stack {self._plan.stack}: a step that prepares volumes failed; `docker logs` of the"
                f" container …-prepare says why, and `chm up {self._plan.stack}` does it again"
            )
        return 0


def _whole(tier: str, provider: docker.Provider) -> pulumi.ResourceOptions:
    """A partner that changes its tier keeps what both tiers have."""
    others = [pulumi.Alias(type_=kind) for other, kind in _TYPES.items() if other != tier]
    return pulumi.ResourceOptions(providers=[provider], aliases=others)


def _bridge_options(network: Network) -> dict[str, str] | None:
    if network.driver != "bridge":
        return None
    if network.is_internal:
        # Without it an internal container reaches the host's own ports by the bridge's address.
        return {f"{_BRIDGE}.inhibit_ipv4": "true"}
    return None if network.has_way_out else {f"{_BRIDGE}.enable_ip_masquerade": "false"}
