"""The one place that makes a container, and the hardening that every container gets.

Sources: CIS Docker Benchmark 1.6, section 5; OWASP Docker Security Cheat Sheet.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_docker as docker

from clearinghouse.declare.quantities import size_text
from clearinghouse.plan.plan import Container, Mount, Plan, Port
from clearinghouse.provision.hooks import Hooks
from clearinghouse.provision.labels import labels

MIB = 1024 * 1024
_LOG = {"max-size": "10m", "max-file": "3"}
_OPEN_FILES = 8192
_SHARES = {"host": 4096}
"""When processors are short a host's edge comes first: a partner that uses all it may slows only itself."""
_PARTNERS_SHARES = 512
_NO_RESOLVER = "127.0.0.1"
"""Engines hand a look-up on to a resolver of the host's own loopback even for a container that has no
way out (CVE-2024-29018). Nothing listens here, so the engine's own names are all that is answered."""
_HEALTH_INTERVAL = "15s"
"""Each check is a process in the container: every few seconds, many partners' take much of a host. A new
container is asked at once by the Docker provider that we build; with another, an `up` waits this long."""


def make_container(
    plan: Plan,
    container: Container,
    *,
    image_id: pulumi.Input[str],
    networks: Mapping[str, pulumi.Input[str]],
    mounts: Mapping[Mount, pulumi.Input[str]],
    options: pulumi.ResourceOptions,
    hooks: Hooks,
) -> docker.Container:
    """A hardened container of a plan.

    Args:
        plan: the plan it belongs to, for names and labels.
        image_id: id of its image on the engine.
        networks: names of the stack's own networks; others are taken by the name in the plan.
        mounts: the volume's name for each of the container's mounts.
        options: parent, dependencies; replacement, hooks and aliases are set here.
        hooks: what the provider cannot do by itself.
    """
    name = f"{plan.prefix}-{container.role}"
    is_first = container.replacement == "create-first"
    options = pulumi.ResourceOptions.merge(options, _options(container, hooks, is_first))
    inputs = {
        "name": None if is_first else name,
        "image": image_id,
        "user": container.user,
        "envs": [f"{key}={value}" for key, value in sorted(container.env.items())],
        "labels": _labels(plan, container),
        "volumes": [_volume(mount, volume) for mount, volume in mounts.items()],
        **_command(container),
        **_lifetime(container),
        **_hardening(container),
        "cpu_shares": _SHARES.get(plan.tier, _PARTNERS_SHARES),
        **_network(plan, container, networks),
    }
    return docker.Container(name, docker.ContainerArgs(**inputs), opts=options)


def _options(container: Container, hooks: Hooks, is_first: bool) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        delete_before_replace=not is_first,
        # The provider calls a changed health check an update, and does not apply it.
        replace_on_changes=["healthcheck"],
        # An engine tells the addresses of one port in any order; a label stands in for what is ignored.
        ignore_changes=["ports"],
        hooks=hooks.for_container(container),
    )


def _command(container: Container) -> dict[str, Any]:
    """A step that runs once takes an image for its tools, not for what the image starts."""
    is_entry_point = container.runs_once or container.is_entry_point
    return {"entrypoints" if is_entry_point else "command": list(container.command) or None}


def _hardening(container: Container) -> dict[str, Any]:
    uid, gid = container.user.split(":")
    memory = container.memory // MIB
    return {
        "read_only": True,
        "capabilities": docker.ContainerCapabilitiesArgs(
            drops=["ALL"], adds=[f"CAP_{name}" for name in container.capabilities]
        ),
        "security_opts": ["no-new-privileges:true"],
        "tmpfs": {
            "/tmp": f"rw,noexec,nosuid,nodev,size={container.temporary // MIB}m,mode=1777",
            "/run": f"rw,noexec,nosuid,nodev,size=16m,mode=0750,uid={uid},gid={gid}",
        },
        "memory": memory,
        "memory_swap": memory,
        "cpus": _decimal(container.cpus),
        "init": True,
        "ipc_mode": "private",
        "log_driver": "json-file",
        "log_opts": _LOG,
        "ulimits": [docker.ContainerUlimitArgs(name="nofile", soft=_OPEN_FILES, hard=_OPEN_FILES)],
    }


def _decimal(cpus: float) -> str:
    """As the provider reads it back, so that a refresh sees no change: `2.0`, `0.25`."""
    return f"{cpus:.1f}" if cpus == int(cpus) else f"{cpus:g}"


def _lifetime(container: Container) -> dict[str, Any]:
    if container.runs_once:
        return {"attach": True, "must_run": False, "restart": "no", "logs": True}
    return {
        "must_run": True,
        "restart": "unless-stopped",
        "wait": True,
        "wait_timeout": 120,
        "destroy_grace_seconds": 30,
        "healthcheck": docker.ContainerHealthcheckArgs(
            tests=["CMD", *container.health],
            interval=_HEALTH_INTERVAL,
            timeout="5s",
            retries=3,
            start_period="1m0s",
        ),
    }


def _network(plan: Plan, container: Container, own: Mapping[str, pulumi.Input[str]]) -> dict[str, Any]:
    if not container.networks:
        return {"network_mode": "none"}
    return {
        "dns": _resolvers(plan, container),
        "dns_opts": ["timeout:1", "attempts:1"],
        "sysctls": dict(container.sysctls) or None,
        "ports": _ports(container),
        "networks_advanced": [
            docker.ContainerNetworksAdvancedArgs(
                # Through the resource, so that a network is not replaced under a container on it.
                name=own.get(attachment.network, attachment.network),
                aliases=list(attachment.aliases) or None,
                ipv4_address=attachment.address,
            )
            for attachment in container.networks
        ],
    }


def _resolvers(plan: Plan, container: Container) -> list[str] | None:
    open_networks = {
        network.name for network in plan.networks if network.has_way_out and not network.is_internal
    }
    has_way_out = any(attachment.network in open_networks for attachment in container.networks)
    return list(container.dns) or (None if has_way_out else [_NO_RESOLVER])


def _labels(plan: Plan, container: Container) -> list[docker.ContainerLabelArgs]:
    # Changed limits of processes must change an input, or no hook would set them.
    more = {"processes": str(container.processes)}
    if container.ports:
        more["ports"] = " ".join(map(_spelt, container.ports))
    if container.prepares_disk and plan.disk is not None:
        # Another size makes this step anew, and before it a hook enlarges the disk.
        more["disk"] = size_text(plan.disk)
    written = labels(plan, container.role, **more)
    return [docker.ContainerLabelArgs(label=key, value=value) for key, value in written.items()]


def _spelt(port: Port) -> str:
    """As `docker run --publish` takes it."""
    address = f"[{port.address}]" if ":" in port.address else port.address
    return f"{address}:{port.published}:{port.internal}/{port.protocol}"


def _ports(container: Container) -> Sequence[docker.ContainerPortArgs] | None:
    return [
        docker.ContainerPortArgs(
            internal=port.internal, external=port.published, ip=port.address, protocol=port.protocol
        )
        for port in container.ports
    ] or None


def _volume(mount: Mount, volume: pulumi.Input[str]) -> docker.ContainerVolumeArgs:
    return docker.ContainerVolumeArgs(
        container_path=mount.path, volume_name=volume, read_only=mount.is_read_only
    )
