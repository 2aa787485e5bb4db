"""Deleting what a stack leaves behind when it is taken down, where a person asks for that."""

from dataclasses import replace

import docker
import docker.errors
from docker.models.volumes import Volume

from clearinghouse.disk import remove
from clearinghouse.engine import LABEL, containers_of
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.operate import site_builds
from clearinghouse.plan.plan import Plan
from clearinghouse.provision.labels import labels
from clearinghouse.provision.preflight import disk_of
from clearinghouse.provision.repositories import remove_folder

_BACKUPS = ("repositories", "second", "upkeep")
"""The roles of a host's volumes that all partners' backups lie in."""


def delete_data(plan: Plan, client: docker.DockerClient) -> list[str]:
    """Delete what a stack that is down has left on its host: volumes, the disk that they lie on, builds.

    Returns:
        The partners whose backups stay: a host's volumes with backups go when no partner has any.

    Raises:
        Trouble: some of it is another installation's, or the engine holds it.
    """
    _refuse_what_is_anothers(plan, client)
    if any(volume.within for volume in plan.volumes):
        # Its volume is a folder of the host's; removing the volume leaves what is in there.
        remove_folder(client, plan)
    ours = labels(plan, "")
    wanted = [f"{label}={ours[label]}" for label in (f"{LABEL}.owner", f"{LABEL}.installation")]
    owners = _kept_by(plan, client)
    for volume in client.volumes.list(filters={"label": wanted}):
        if not owners or (volume.attrs["Labels"] or {}).get(f"{LABEL}.role") not in _BACKUPS:
            _delete_volume(volume, plan)
    if plan.disk is not None:
        remove(client, disk_of(plan))
    site_builds.prune(client, replace(plan, containers=()), kept=0)
    return owners


def _kept_by(plan: Plan, client: docker.DockerClient) -> list[str]:
    """The partners whose backups lie in a host's own volumes, by their codes."""
    if plan.owner:
        return []
    kept = client.volumes.list(filters={"label": f"{LABEL}.role=repository"})
    return sorted({str((each.attrs.get("Labels") or {}).get(f"{LABEL}.owner")) for each in kept})


def _delete_volume(volume: Volume, plan: Plan) -> None:
    try:
        volume.remove()
    except docker.errors.APIError:
        raise Trouble(
            f"host {plan.host}: its engine still holds the volume {volume.name}, as it may after a kill;"
            " restart the engine and repeat",
            exit_code=NOT_WELL,
        ) from None


def _refuse_what_is_anothers(plan: Plan, client: docker.DockerClient) -> None:
    """The disk has the partner's name alone: another installation's partner of that name may live on it."""
    filters = {"label": f"{LABEL}.owner={plan.owner or 'host'}"}
    volumes = client.volumes.list(filters=filters)
    held = {str(each.name): each.attrs.get("Labels") or {} for each in volumes}
    held |= {str(each.name): each.labels for each in containers_of(client, plan.owner)}
    for what, theirs in held.items():
        if theirs.get(f"{LABEL}.installation", "") != plan.installation:
            raise Trouble(
                f"host {plan.host}: {what} is another installation's, so no data of {plan.stack} was deleted"
                " there; take it down with that installation first",
                exit_code=NOT_WELL,
            )
