"""How a partner's site is: what runs, and what an address answers through the edge."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import docker

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import LABEL, connect, containers_of, health
from clearinghouse.errors import Trouble
from clearinghouse.installation import name
from clearinghouse.operate import backups, evidence, installation
from clearinghouse.operate.authority import root_certificate
from clearinghouse.operate.stacks import generations
from clearinghouse.operate.upkeep import Kept, Upkeep
from clearinghouse.operate.usage import Usage, usage
from clearinghouse.plan.edge import https_suffix
from clearinghouse.plan.installation import INSTALLATION, owner
from clearinghouse.plan.plan import Plan
from clearinghouse.plan.planner import plan_partner
from clearinghouse.provision.generations import fault_of_generations
from clearinghouse.upkeep.runs import began

_WILDCARDS = {"0.0.0.0", "::"}
_SECONDS = 10
_DAY = timedelta(hours=26)
"""A day, and what a run and a second try may take."""
_UPKEEP = timedelta(hours=3)
"""It comes every hour, and may be long at one partner."""


@dataclass(frozen=True, slots=True)
class Status:
    """One line of `chm status`.

    Attributes:
        state: `serving`, or what is wrong in a few words.
        is_well: whether it serves, and can write.
        usage: what it uses of its limits; None when it is not up.
        backup: how old its newest backup is that both places have, for people; nothing where it has no data.
        unsaved: what is wrong with its backups, or with which data it uses, in one sentence; else nothing.
    """

    partner: str
    tier: str
    address: str
    state: str
    is_well: bool
    usage: Usage | None = None
    backup: str = ""
    unsaved: str = ""


def status(partner: Partner, host: Host) -> Status:
    """How one partner's site is.

    Raises:
        Trouble: the host's engine does not answer.
    """
    plan = plan_partner(partner, host, generations(partner.partner))
    client = connect(host)
    used = usage(client, plan)
    stale = fault_of_generations(replace(plan, installation=name() or ""), client)
    fault = fault_of_containers(partner, host)
    backup, unsaved = _backup(partner, plan, host) if fault is None else ("", None)
    fault = fault or fault_of_answer(partner, host)
    if unsaved:
        fault = f"{fault or 'serving'}, and its backups are not well"
    if stale:
        fault = f"{fault or 'serving'}, and its configuration is of other data"
    if used.is_disk_full:
        fault = f"{fault or 'serving'}, and its disk is full"
    return Status(
        partner.partner,
        partner.tier,
        f"https://{partner.canonical}{https_suffix(host)}/",
        fault or "serving",
        fault is None,
        used,
        backup,
        stale or unsaved or "",
    )


def _backup(partner: Partner, plan: Plan, host: Host) -> tuple[str, str | None]:
    """How old the newest backup is that both places have, and what is wrong with them, if anything is."""
    if not any(container.role == "backup" for container in plan.containers):
        return "", _untried(partner, plan, host)
    client, now = connect(host), datetime.now(UTC)
    newest, since = backups.newest(client, plan)
    try:
        kept = Upkeep(client, plan.host).kept().get(plan.owner)
    except Trouble as trouble:
        return "", str(trouble)
    saved = began(kept.done) if kept and kept.done else None
    text = age(now - saved) if saved else "none yet"
    if newest and (saved is None or saved < newest):
        text = f"{text}, half {age(now - newest)}"
    fault = _unsaved(plan, kept, now - (saved or since), now - since)
    return text, fault or evidence.fault(partner, _first(kept))


def _untried(partner: Partner, plan: Plan, host: Host) -> str | None:
    """A site that the platform builds is in the installation's own backup."""
    if partner.site is not None:
        return None
    try:
        kept = Upkeep(connect(host), plan.host).kept().get(owner(plan.host))
    except Trouble:
        return None
    return evidence.fault(partner, _first(kept))


def _first(kept: Kept | None) -> datetime:
    """When the oldest run began of those that are kept; this moment where there is none yet."""
    return min((began(run) for run in kept.runs), default=datetime.now(UTC)) if kept else datetime.now(UTC)


def _unsaved(plan: Plan, kept: Kept | None, old: timedelta, running: timedelta) -> str | None:
    """What is wrong with a partner's backups.

    Args:
        old: how old the newest one is; where there is none, for how long there could have been one.
        running: for how long its client has run.
    """
    if kept and (fault := kept.fault(plan.owner)):
        return f"its backups: {fault}"
    if old > _DAY:
        return f"its backup is overdue; see `docker logs chm-{plan.owner}-backup`"
    asked = datetime.now(UTC) - kept.at if kept else running
    if min(asked, running) > _UPKEEP:
        return f"its backups were not looked after for {age(asked)}; see `docker logs chm-upkeep`"
    return None


def installation_status(client: docker.DockerClient, plan: Plan) -> tuple[str, str | None]:
    """How old the installation's backup on a host is, for people; and what is wrong with it, if anything is.

    Args:
        plan: of that backup.
    """
    now, found = datetime.now(UTC), installation.files()
    kept = Upkeep(client, plan.host).kept().get(plan.owner)
    saved = began(kept.done) if kept and kept.done else None
    text = f"backup {age(now - saved)}" if saved else "no backup yet"
    fault = kept.fault(INSTALLATION) if kept else None
    since = now - datetime.fromtimestamp(installation.changed(found), UTC)
    if not fault and since > _DAY and not installation.is_saved(plan.host, found):
        fault = f"no backup has what was changed {age(since)} ago; `chm backup now {INSTALLATION}` makes one"
    return text, fault


def age(lapse: timedelta) -> str:
    """An age for people: `5 min`, `3 h`, `2 days`."""
    minutes = int(lapse.total_seconds()) // 60
    if minutes < 120:
        return f"{max(minutes, 0)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def fault_of_containers(partner: Partner, host: Host) -> str | None:
    """What is wrong with a partner's containers, in a few words; None when all are healthy."""
    expected = [c.role for c in plan_partner(partner, host).containers if not c.runs_once]
    running = _health_by_role(partner, host)
    if not running:
        return f"not up; run `chm up {partner.partner}`"
    for role in expected:
        if running.get(role) != "healthy":
            return f"{role} is {running.get(role, 'missing')}"
    return None


def _health_by_role(partner: Partner, host: Host) -> Mapping[str, str]:
    found = containers_of(connect(host), partner.partner)
    return {container.labels[f"{LABEL}.role"]: health(container) for container in found}


def fault_of_answer(partner: Partner, host: Host) -> str | None:
    """What is wrong with what its address answers, in a few words; None when that is as declared."""
    health = partner.site.health if partner.site else None
    path, text = (health.path, health.text) if health else (f"/{partner.languages[0]}/", None)
    try:
        code, body = _get(partner.canonical, path, host)
    except (OSError, http.client.HTTPException, Trouble) as error:
        return f"does not answer over HTTPS ({error})"
    if code == http.HTTPStatus.NOT_FOUND and partner.site and partner.site.runtime != "image":
        return f"empty: nothing at {path}; fill it with `chm put {partner.partner} FOLDER`"
    if code >= http.HTTPStatus.BAD_REQUEST:
        return f"answers {code} at {path}"
    if text and text not in body:
        return f"answers at {path} without the text “{text}”"
    return None


def _get(name: str, path: str, host: Host) -> tuple[int, str]:
    """GET over HTTPS at the host's own address, whatever the public DNS says of the name yet."""
    address = next((a for a in host.addresses if a not in _WILDCARDS), name)
    context = ssl.create_default_context(cadata=root_certificate() if host.tls.issuer == "internal" else None)
    connection = http.client.HTTPSConnection(name, host.ports.https, timeout=_SECONDS, context=context)
    plain = socket.create_connection((address, host.ports.https), timeout=_SECONDS)
    connection.sock = context.wrap_socket(plain, server_hostname=name)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(1_000_000).decode(errors="replace")
    finally:
        connection.close()
