"""A plan provisioned against Pulumi's mocks: what was asked of the provider, without an engine."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pulumi
import pulumi.runtime
import pulumi_docker as docker
import pytest

from clearinghouse.plan.edge import PLATFORM_IMAGES
from clearinghouse.plan.plan import Container, Plan, Secret, SiteImage, Volume
from clearinghouse.provision.hooks import Hooks
from clearinghouse.provision.stack import Stack

Resources = dict[str, dict[str, Any]]


class _Recorder(pulumi.runtime.Mocks):
    def __init__(self) -> None:
        self.resources: Resources = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.resources[f"{args.typ}::{args.name}"] = args.inputs
        # Where none is given a name is made up, another one for another thing.
        name = f"{args.name}-{sha256(repr(args.inputs).encode()).hexdigest()[:7]}"
        made = {"exitCode": 0, "imageId": f"sha256:{args.name}", "name": name}
        return f"{args.name}-id", made | args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:
        return {}


class _NoHooks(Hooks):
    """Pulumi's mocks run no hooks."""

    def __init__(self) -> None:
        pass

    def for_container(self, container: Container) -> pulumi.ResourceHookBinding:
        return pulumi.ResourceHookBinding()

    def for_volume(self, volume: Volume) -> pulumi.ResourceHookBinding:
        return pulumi.ResourceHookBinding()

    def for_site_image(self, image: SiteImage) -> pulumi.ResourceHookBinding:
        return pulumi.ResourceHookBinding()

    def for_network(self) -> pulumi.ResourceHookBinding:
        return pulumi.ResourceHookBinding()


def _folder_of(plan: Plan, volume: Volume) -> str | None:
    if volume.within:
        return f"/volumes/{volume.within}/{plan.owner}"
    return f"/disks/{plan.owner}/{volume.name}" if plan.disk is not None and volume.is_on_disk else None


@pytest.fixture
def provision() -> Callable[[Plan], Resources]:
    """Provision a plan; gives the inputs of each resource by `type::name`."""

    def run(plan: Plan) -> Resources:
        recorder = _Recorder()
        pulumi.runtime.set_mocks(recorder, project="clearinghouse", stack=plan.stack)

        @pulumi.runtime.test
        def program() -> None:
            Stack(
                plan,
                image_ids={name: f"sha256:{name}" for name in PLATFORM_IMAGES},
                secret=_secret,
                hooks=_NoHooks(),
                provider=docker.Provider("host", host="unix:///nowhere"),
                folder_of=lambda volume: _folder_of(plan, volume),
            )

        program()
        return recorder.resources

    return run


def _secret(secret: Secret) -> pulumi.Output[str]:
    return pulumi.Output.secret(f"value of {secret.name}")
