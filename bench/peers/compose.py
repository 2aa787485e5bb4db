"""A partner's plan as a docker-compose project: the same containers, without the platform."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from clearinghouse.plan.edge import EDGE_NETWORK
from clearinghouse.plan.plan import SITE_GROUP, Container, Mount, Plan, Secret, Seed
from clearinghouse.provision.images import tag


def write_project(plan: Plan, folder: Path) -> Path:
    """Write a project's file, and the configuration that its containers mount, into an empty folder.

    Returns:
        The file, for `docker-compose --file`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for seed in plan.seeds:
        _write_seed(seed, folder / seed.role)
    project = {
        "services": {each.role: _service(plan, each, folder) for each in plan.containers},
        "networks": {
            EDGE_NETWORK: {"external": True, "name": EDGE_NETWORK},
            **{n.name: {"internal": True, "ipam": {"config": [{"subnet": n.subnet}]}} for n in plan.networks},
        },
        "volumes": {volume.name: {} for volume in plan.volumes},
    }
    file = folder / "docker-compose.json"
    file.write_text(json.dumps(project))
    return file


def _write_seed(seed: Seed, folder: Path) -> None:
    folder.mkdir(parents=True)
    for each in seed.files:
        file = folder / each.name
        file.write_text("password" if isinstance(each.content, Secret) else each.content)
        file.chmod(int(seed.mode, 8))
        os.chown(file, seed.owner, SITE_GROUP)


def _service(plan: Plan, container: Container, folder: Path) -> dict[str, Any]:
    once = {each.role for each in plan.containers if each.runs_once}
    after = {
        role: {"condition": "service_completed_successfully" if role in once else "service_healthy"}
        for role in container.after
    }
    service: dict[str, Any] = {
        "image": tag(container.image),
        "user": container.user,
        "environment": dict(container.env),
        "read_only": True,
        "init": True,
        "cap_drop": ["ALL"],
        "cap_add": list(container.capabilities),
        "security_opt": ["no-new-privileges:true"],
        "tmpfs": ["/tmp:mode=1777", f"/run:mode=0755,uid={container.user.split(':')[0]}"],
        "mem_limit": container.memory,
        "memswap_limit": container.memory,
        "cpus": container.cpus,
        "volumes": [_volume(mount, folder) for mount in container.mounts],
        "depends_on": after,
    }
    if container.runs_once:
        return {**service, "entrypoint": list(container.command), "network_mode": "none"}
    networks = {n.network: {"aliases": list(n.aliases)} for n in container.networks}
    return {
        **service,
        "networks": networks,
        "restart": "unless-stopped",
        "healthcheck": {
            "test": ["CMD", *container.health],
            "interval": "3s",
            "timeout": "5s",
            "retries": 5,
            "start_period": "1m0s",
        },
    }


def _volume(mount: Mount, folder: Path) -> str:
    source = str(folder / mount.source.role) if isinstance(mount.source, Seed) else mount.source.name
    return f"{source}:{mount.path}:{'ro' if mount.is_read_only else 'rw'}"
