"""Bringing stacks up and taking them down, hosts and partners in the right order."""

from collections.abc import Iterable

from clearinghouse.declare.host import Host
from clearinghouse.declare.load import Declaration
from clearinghouse.engine import LABEL, connect, containers_of
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate import pulumi, secrets
from clearinghouse.plan.edge import plan_host
from clearinghouse.plan.plan import Plan
from clearinghouse.plan.planner import plan_partner

_HOST = "host-"


def plan_of(declaration: Declaration, stack: str) -> tuple[Plan, Host]:
    """The plan and the host of a stack by its name, `cd` or `host-local`.

    Raises:
        Trouble: nothing of that name is declared.
    """
    if stack.startswith(_HOST):
        host = declaration.hosts.get(stack.removeprefix(_HOST))
        if host is None:
            raise Trouble(f"stack {stack}: there is no stacks/hosts/{stack.removeprefix(_HOST)}.yaml")
        return plan_host(host), host
    partner = declaration.partners.get(stack)
    if partner is None:
        raise Trouble(f"stack {stack}: there is no stacks/{stack}.yaml")
    host = declaration.hosts[partner.host]
    return plan_partner(partner, host, generations(stack)), host


def generations(stack: str) -> dict[str, int]:
    """The generation of each data volume that the stack's configuration names."""
    found = pulumi.configuration(stack).get("generations") or {}
    return {str(role): int(number) for role, number in found.items()} if isinstance(found, dict) else {}


def up(declaration: Declaration, stack: str) -> str:
    """Bring one stack up: its secrets made, what a killed `up` left cleared, then `pulumi up`.

    Returns:
        What changed, for people.

    Raises:
        Trouble: one sentence with the cause.
    """
    plan, host = plan_of(declaration, stack)
    made = secrets.make_missing(plan)
    lifted = pulumi.lift_dead_lock(stack)
    removed = _remove_strays(plan, host)
    try:
        changes = pulumi.deploy("up", stack, "--refresh")
    except Trouble as trouble:
        raise Trouble(f"{trouble}{_last_words(plan, host)}", exit_code=trouble.exit_code) from None
    told = [f"{count} {word}" for word, count in changes.items()] or ["nothing to change"]
    if made:
        told.append(f"made {', '.join(made)}")
    if lifted:
        told.append("lifted the lock of an `up` that was killed")
    if removed:
        told.append(f"removed {removed} containers that it had left")
    return ", ".join(told)


def down(declaration: Declaration, stack: str, *, is_data_deleted: bool) -> str:
    """Take one stack down; its data volumes stay unless they are to go.

    Raises:
        Trouble: a host that partners are on: they are named.
    """
    plan, host = plan_of(declaration, stack)
    if plan.tier == "host":
        _refuse_while_used(host)
    pulumi.lift_dead_lock(stack)
    pulumi.deploy("destroy", stack)
    if not is_data_deleted:
        return f"data kept in {', '.join(volume.name for volume in plan.volumes)}"
    _delete_data(plan, host)
    return "data deleted"


def owners_on(host: Host) -> list[str]:
    """The partners that have containers on a host, by their codes."""
    found = connect(host).containers.list(all=True, filters={"label": f"{LABEL}.owner"})
    return sorted({container.labels[f"{LABEL}.owner"] for container in found} - {"host"})


def in_order(declaration: Declaration, names: Iterable[str]) -> list[str]:
    """Stack names with hosts first; all that are declared when none is named."""
    wanted = list(names) or [*(f"{_HOST}{host}" for host in declaration.hosts), *declaration.partners]
    return sorted(wanted, key=lambda name: (not name.startswith(_HOST), name))


def _refuse_while_used(host: Host) -> None:
    partners = owners_on(host)
    if partners:
        raise Trouble(
            f"host {host.host}: partners are on it: {', '.join(partners)}; take them down or move them first",
            exit_code=NOT_WELL,
        )


def _remove_strays(plan: Plan, host: Host) -> int:
    """Remove containers that the state does not know: a killed `up` made them; they hold no data."""
    known = pulumi.containers_in_state(plan.stack)
    strays = [c for c in containers_of(connect(host), plan.owner) if c.id not in known]
    for container in strays:
        container.remove(force=True)
    return len(strays)


def _last_words(plan: Plan, host: Host) -> str:
    """What the containers that are not well said last: the cause is seldom in Pulumi's own words."""
    told = []
    for container in containers_of(connect(host), plan.owner):
        state = container.attrs["State"]
        is_ill = state.get("Health", {}).get("Status") == "unhealthy"
        if is_ill or (state["Status"] in ("exited", "restarting") and state["ExitCode"] != 0):
            last = container.logs(tail=1).decode(errors="replace").strip()
            told.append(
                f"\n{container.name} is {'unhealthy' if is_ill else state['Status']} and said last: {last}"
            )
    return "".join(told)


def _delete_data(plan: Plan, host: Host) -> None:
    client = connect(host)
    owned = client.volumes.list(filters={"label": f"{LABEL}.owner={plan.owner or 'host'}"})
    for volume in owned:
        volume.remove()
