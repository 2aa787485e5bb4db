"""What an `up` would do, in words: above all whether anything restarts."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from clearinghouse.declare.host import Host
from clearinghouse.disk import grows_in_use
from clearinghouse.engine import LABEL, connect
from clearinghouse.operate import pulumi
from clearinghouse.plan.plan import Plan

_CONTAINER = "docker:index/container:Container"
_NETWORK = "docker:index/network:Network"
_VOLUME = "docker:index/volume:Volume"
_IMAGE = "docker:index/remoteImage:RemoteImage"
_UNITS = {"memory": "M", "cpus": ""}
_SAME_THING = {"memorySwap": "memory", "volumes": "configuration"}
_DONE = {"same", "refresh", "read"}
Step = Mapping[str, Any]


def preview(plan: Plan, host: Host) -> tuple[str, ...]:
    """What an `up` of a stack would do, a sentence for each part that changes.

    Raises:
        Trouble: it would be refused; the sentence is the cause.
    """
    steps = json.loads(pulumi.preview(plan.stack))["steps"]
    client = connect(host)
    grows = any(_disk_sizes(step) for step in steps) and grows_in_use(client)
    kept = frozenset(str(volume.name) for volume in client.volumes.list())
    return sentences(plan, steps, grows_in_use=grows, kept=kept)


def sentences(
    plan: Plan, steps: list[Step], *, grows_in_use: bool, kept: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The same from the steps of Pulumi's preview.

    Args:
        grows_in_use: whether a disk of the host can be enlarged while it is mounted.
        kept: names of the volumes that are on the host.
    """
    changes = [step for step in steps if step["op"] not in _DONE]
    told = tuple(line for step in changes for line in _told(plan, step, grows_in_use, kept))
    return told or ("nothing restarts" if changes else "nothing changes",)


def _told(plan: Plan, step: Step, grows_in_use: bool, kept: frozenset[str]) -> Iterator[str]:
    *_, kind, name = step["urn"].split("::")
    kind = kind.rpartition("$")[2]
    if kind == _CONTAINER and not name.endswith("-seed"):
        yield _container(plan, name.removeprefix(f"{plan.prefix}-"), step, grows_in_use)
    elif kind == _NETWORK:
        yield f"network {name}: {_VERBS[step['op']]}"
    elif kind == _VOLUME and re.search(r"-g\d+$", name):
        yield f"data volume {name}: {_fate(step['op'], is_kept=name in kept)}"
    elif kind == _IMAGE and plan.site_images and step["op"] != "delete":
        yield f"site: the build {plan.site_images[0].digest[:12]}, made where it is not on the host"


def _fate(operation: str, *, is_kept: bool) -> str:
    if operation == "create" and is_kept:
        return "found again, with its data"
    return "kept, and used no more" if operation == "delete" else _VERBS[operation]


_VERBS = {"create": "made", "update": "changed in place", "replace": "replaced", "delete": "removed"}


def _container(plan: Plan, role: str, step: Step, grows_in_use: bool) -> str:
    planned = {container.role: container for container in plan.containers}
    if step["op"] == "delete":
        return f"{role}: ended and removed"
    if planned[role].runs_once:
        return _once(plan, role, step, grows_in_use)
    if step["op"] == "create":
        return f"{role}: started new"
    what = ", ".join(_changes(step))
    if step["op"] == "update":
        return f"{role}: {what} in place, restarts nothing"
    if planned[role].replacement == "create-first":
        return f"{role}: replaced ({what}), the new one first: no request is lost"
    return f"{role}: replaced ({what}), the old one first: a short break"


def _once(plan: Plan, role: str, step: Step, grows_in_use: bool) -> str:
    sizes = _disk_sizes(step)
    if not sizes:
        return f"{role}: runs once, restarts nothing"
    if grows_in_use:
        return f"disk: {sizes} in use, restarts nothing"
    return (
        f"disk: {sizes}; the engine of {plan.host} cannot enlarge a disk in use:"
        f" every container of {plan.owner} is stopped and started again"
    )


def _disk_sizes(step: Step) -> str | None:
    """`1G -> 2G` where the disk is to be of another size."""
    old, new = (_label(_inputs(step, state), "disk") for state in ("oldState", "newState"))
    return f"{old} -> {new}" if old and new and old != new and step["op"] == "replace" else None


def _inputs(step: Step, state: str) -> Mapping[str, Any]:
    return (step.get(state) or {}).get("inputs") or {}


def _label(inputs: Mapping[str, Any], name: str) -> str | None:
    labels = inputs.get("labels") or []
    return next((str(each["value"]) for each in labels if each["label"] == f"{LABEL}.{name}"), None)


def _changes(step: Step) -> Iterator[str]:
    """Which inputs change: numbers with their old and new value, others by name."""
    names = (re.split(r"[.\[]", path)[0] for path in step.get("detailedDiff") or {})
    old, new = _inputs(step, "oldState"), _inputs(step, "newState")
    for name in dict.fromkeys(_SAME_THING.get(name, name) for name in names):
        unit = _UNITS.get(name)
        yield name if unit is None else f"{name} {old[name]}{unit} -> {new[name]}{unit}"
