"""The Pulumi program: stack name, declaration, plan, resources."""

import sys

import pulumi
import pulumi_docker as docker

from clearinghouse.declare import load
from clearinghouse.declare.host import Host
from clearinghouse.engine import address, connect
from clearinghouse.errors import Trouble
from clearinghouse.installation import root
from clearinghouse.plan.edge import https_suffix, plan_host
from clearinghouse.plan.plan import Plan, Secret
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.hooks import Hooks
from clearinghouse.provision.images import image_ids
from clearinghouse.provision.preflight import (
    check_host_stack,
    check_names,
    check_partner_images,
    check_ports,
    check_prepared,
)
from clearinghouse.provision.seed import SEED_IMAGE
from clearinghouse.provision.stack import Stack

_HOST = "host-"
_TOLD = 32
"""The exit code by which Pulumi's Python host knows that the user has been told already."""


def run() -> None:
    """Provision the selected stack.

    An expected failure is told in its one sentence, and the program ends.
    """
    try:
        _provision(pulumi.get_stack(), pulumi.Config())
    except Trouble as trouble:
        pulumi.log.error(str(trouble))
        sys.exit(_TOLD)


def _provision(stack: str, config: pulumi.Config) -> None:
    plan, host = _plan(stack, config)
    _require(plan, config)
    client = connect(host)
    check_prepared(host, client)
    if plan.tier == "host":
        check_ports(plan, client)
    else:
        check_host_stack(host, client)
        check_names(plan, client)
        check_partner_images(plan, client)
    needed = {SEED_IMAGE, *plan.platform_images} - set(plan.images)
    made = Stack(
        plan,
        image_ids=image_ids(needed, plan.host, client),
        secret=lambda secret: config.require_secret(secret.name),
        hooks=Hooks(plan, client),
        provider=docker.Provider(f"host-{plan.host}", host=address(host)),
    )
    if plan.names:
        pulumi.export("address", f"https://{plan.names[0]}{https_suffix(host)}/")
    pulumi.export("volumes", made.volumes)


def _plan(stack: str, config: pulumi.Config) -> tuple[Plan, Host]:
    stacks = root() / "stacks"
    if stack.startswith(_HOST):
        host = load.host(stacks, stack.removeprefix(_HOST))
        return plan_host(host), host
    partner = load.partner(stacks, stack)
    host = load.host(stacks, partner.host)
    generations: dict[str, int] = config.get_object("generations") or {}
    return plan_partner(partner, host, generations), host


def _require(plan: Plan, config: pulumi.Config) -> None:
    missing = [secret.name for secret in plan.secrets if _is_missing(config, secret)]
    if missing:
        raise Trouble(
            f"stack {plan.stack} has no secret {', '.join(missing)}; run `chm secrets {plan.stack}`"
        )


def _is_missing(config: pulumi.Config, secret: Secret) -> bool:
    return config.get_secret(secret.name) is None
