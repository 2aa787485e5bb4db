"""The backups of a partner: its runs, what is in each, and a run at once."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import docker
import docker.errors

from clearinghouse.engine import LABEL, containers_of
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate.repository import Readable, no_data
from clearinghouse.plan.plan import Plan
from clearinghouse.upkeep.restic import lines
from clearinghouse.upkeep.runs import BEFORE, RUN, Run, began, runs_in

_NAMED = re.compile(r"run-[0-9A-Za-z-]*|[0-9a-f]{8,64}")
"""A run or a snapshot, or the beginning of it."""


def runs(repository: Readable) -> tuple[Run, ...]:
    """All runs that left anything in a repository, the newest first.

    Raises:
        Trouble: the repository cannot be read.
    """
    return runs_in(repository.ask("snapshots"), datetime.now(UTC))


def chosen(found: tuple[Run, ...], wanted: str | None, stack: str) -> Run:
    """The run that is meant: the newest whole one that no restore began with, of a moment, or of a snapshot.

    Args:
        found: all runs, the newest first.
        wanted: a date or moment (ISO 8601; UTC where it names no zone): the newest whole run that had begun
            by then; or the id of a run or snapshot, or its beginning; else None.
        stack: for messages.

    Raises:
        Trouble: there is none, it is not whole, or what is wanted is no moment and no run.
    """
    whole = [run for run in found if run.is_whole]
    if wanted is None:
        # What was saved because it was to be replaced is seldom what is wanted back.
        fitting = [run for run in whole if not run.is_before_restore] or whole
    elif moment := _moment(wanted):
        fitting = [run for run in whole if run.began <= moment]
    elif _NAMED.fullmatch(wanted):
        fitting = [run for run in found if _is_meant(run, wanted)]
    else:
        raise Trouble(
            f"--at {wanted}: should be a day or a moment such as 2027-01-31 or 2027-01-31T14:05, or a run or"
            f" snapshot that `chm backup list {stack}` shows"
        )
    if not fitting:
        of = f" by {wanted}" if wanted else ""
        raise Trouble(
            f"stack {stack}: there is no whole backup{of}; `chm backup list {stack}` shows what there is",
            exit_code=NOT_WELL,
        )
    if not fitting[0].is_whole:
        raise Trouble(
            f"stack {stack}: {fitting[0].id} is not whole; `chm backup list {stack}` shows those that are",
            exit_code=NOT_WELL,
        )
    return fitting[0]


def run_now(
    client: docker.DockerClient, plan: Plan, *, is_before_restore: bool = False
) -> Iterator[Mapping[str, Any]]:
    """Make a backup at once.

    Args:
        is_before_restore: what is there now is about to be replaced.

    Yields:
        What restic tells on the way (its JSON: message_type `status` and `summary`), and `done` at the end.

    Raises:
        Trouble: something is missing in it, or it did not run at all.
    """
    api = client.api
    asked = api.exec_create(
        _saving(client, plan),
        ["/usr/local/bin/backup", "now"],
        environment={"RESTIC_PROGRESS_FPS": "4", **({"BACKUP_WHY": BEFORE} if is_before_restore else {})},
    )["Id"]
    told: Mapping[str, Any] = {}
    trouble = ""
    for told in lines(output or b"" for output, _ in api.exec_start(asked, stream=True, demux=True)):
        if told.get("message_type") == "trouble":
            trouble = str(told["text"])
        else:
            yield told
    if api.exec_inspect(asked)["ExitCode"] != 0 or told.get("message_type") != "done":
        why = trouble or f"its run was ended; repeat, `docker logs chm-{plan.owner}-backup` may say more"
        raise Trouble(f"stack {plan.stack}: no whole backup: {why}", exit_code=NOT_WELL)


def newest(client: docker.DockerClient, plan: Plan) -> tuple[datetime | None, datetime]:
    """When a partner's newest whole run began, by what its backup container knows, and since when that runs.

    Raises:
        Trouble: there is no such container, or it does not run.
    """
    container = client.containers.get(_saving(client, plan))
    since = datetime.fromisoformat(str(container.attrs["State"]["StartedAt"])[:19]).replace(tzinfo=UTC)
    told = cast("bytes", container.exec_run(["head", "-c", "100", "/run/newest"]).output)
    text = told.decode(errors="replace").strip()
    return (began(text) if RUN.fullmatch(text) else None), since


def _saving(client: docker.DockerClient, plan: Plan) -> str:
    if not any(container.role == "backup" for container in plan.containers):
        raise no_data(plan)
    for container in containers_of(client, plan.owner):
        if container.labels.get(f"{LABEL}.role") == "backup" and container.status == "running":
            return str(container.id)
    raise Trouble(
        f"stack {plan.stack}: its container backup does not run; `chm up {plan.stack}` starts it",
        exit_code=NOT_WELL,
    )


def _moment(text: str) -> datetime | None:
    """A date or a minute means its end: the last backup of that day or minute."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        moment = moment.replace(hour=23, minute=59)
    if not re.search(r":\d\d:\d\d", text):
        moment = moment.replace(second=59)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_meant(run: Run, wanted: str) -> bool:
    return run.id.startswith(wanted) or (
        re.fullmatch(r"[0-9a-f]{8,64}", wanted) is not None
        and any(snapshot.id.startswith(wanted) for snapshot in run.snapshots)
    )
