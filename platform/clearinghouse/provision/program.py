"""The Pulumi program: stack name, declaration, plan, resources."""

import sys
from dataclasses import replace
from functools import partial

import pulumi
import pulumi_docker as docker

from clearinghouse.declare import load
from clearinghouse.declare.host import Host
from clearinghouse.engine import address, connect
from clearinghouse.errors import Trouble
from clearinghouse.installation import name, root
from clearinghouse.plan.drill import drilled, plan_drill
from clearinghouse.plan.edge import https_suffix, plan_host
from clearinghouse.plan.generations import DATABASE, GENERATIONS, Generations
from clearinghouse.plan.plan import Plan, Secret
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.generations import check_generations
from clearinghouse.provision.hooks import Hooks
from clearinghouse.provision.images import image_ids
from clearinghouse.provision.preflight import (
    check_disk,
    check_kept,
    check_names,
    check_partner_images,
    check_ports,
    check_ready,
    folder_of,
)
from clearinghouse.provision.seed import SEED_IMAGE
from clearinghouse.provision.site_image import SITE, FindFolder, build_for, site_folder
from clearinghouse.provision.stack import Stack
from clearinghouse.provision.succession import DRAIN_IMAGE

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
    plan, host, folder = _plan(stack, config)
    _require(plan, config)
    plan = replace(plan, installation=_installation(stack))
    client = connect(host)
    check_ready(plan, host, client)
    check_kept(plan, client)
    check_generations(plan, client)
    check_disk(plan, client)
    if plan.tier != "host":
        check_names(plan, client)
        check_partner_images(plan, client)
    check_ports(plan, client)
    needed = {SEED_IMAGE, DRAIN_IMAGE, *plan.platform_images} - set(plan.images)
    ids = image_ids(needed, plan.host, client)
    made = Stack(
        plan,
        image_ids=ids,
        secret=lambda secret: config.require_secret(secret.name),
        hooks=Hooks(plan, client, drain_image=ids.get(DRAIN_IMAGE, ""), site_folder=folder),
        provider=docker.Provider(f"host-{plan.host}", host=address(host)),
        folder_of=partial(folder_of, client, plan),
    )
    if plan.names:
        pulumi.export("address", f"https://{plan.names[0]}{https_suffix(host)}/")
    pulumi.export("volumes", made.volumes)
    if made.volumes:
        # A destroy shows outputs as they go.
        pulumi.export("data", f"stays on host {plan.host} when the stack goes: {', '.join(made.volumes)}")


def _plan(stack: str, config: pulumi.Config) -> tuple[Plan, Host, FindFolder | None]:
    stacks = root() / "stacks"
    if stack.startswith(_HOST):
        host = load.host(stacks, stack.removeprefix(_HOST))
        return plan_host(host), host, None
    if code := drilled(stack):
        partner = load.partner(stacks, code)
        host = load.host(stacks, partner.host)
        build = build_for(root(), partner, config.get(SITE))
        plan = plan_drill(partner, host, build=build, database=config.get(DATABASE) or "")
        return plan, host, partial(site_folder, root(), partner)
    partner = load.partner(stacks, stack)
    host = load.host(stacks, partner.host)
    numbers: dict[str, int] = config.get_object(GENERATIONS) or {}
    build = build_for(root(), partner, config.get(SITE))
    plan = plan_partner(partner, host, Generations(numbers, config.get(DATABASE) or ""), build=build)
    return plan, host, partial(site_folder, root(), partner)


def _installation(stack: str) -> str:
    identity = name()
    if identity is None:
        raise Trouble(f"stack {stack}: the installation has no name yet; run `chm secrets {stack}`")
    return identity


def _require(plan: Plan, config: pulumi.Config) -> None:
    missing = [secret.name for secret in plan.secrets if _is_missing(config, secret)]
    if missing:
        raise Trouble(
            f"stack {plan.stack} has no secret {', '.join(missing)}; run `chm secrets {plan.stack}`"
        )


def _is_missing(config: pulumi.Config, secret: Secret) -> bool:
    return config.get_secret(secret.name) is None
