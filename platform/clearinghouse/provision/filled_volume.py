"""Small read-only volumes that are full before anybody mounts them: configuration, secrets, tools.

A container that never starts is created with the volume, and what fills it is put there by the engine or the
provider; uploading into the real container's read-only root, or into a tmpfs, fails. Other content is a new
volume and so a new reader, while the old reader keeps the old volume until it is gone. No name ever comes
again: were it made from the content, a change taken back could be about to delete what it just made.
"""

from collections.abc import Sequence

import pulumi
import pulumi_docker as docker

from clearinghouse.engine import LABEL
from clearinghouse.plan.plan import Plan
from clearinghouse.provision.labels import labels


def make_filled_volume(
    plan: Plan,
    role: str,
    *,
    path: str,
    content: pulumi.Input[str],
    image_id: pulumi.Input[str],
    options: pulumi.ResourceOptions,
    uploads: Sequence[docker.ContainerUploadArgs] = (),
) -> pulumi.Output[str]:
    """Make a volume and fill it.

    Args:
        role: what it holds.
        path: where the container that fills it mounts it; what the image has there is copied.
        content: tells one content from another: a digest or an id, no secret.
        image_id: id of the image of that container; nothing of it runs.
        options: parent and provider.
        uploads: what is put there beside.

    Returns:
        The name of the filled volume.
    """
    name = f"{plan.prefix}-{role}"
    # The old one and its reader stay until the new reader is well.
    first = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(delete_before_replace=False))
    volume = docker.Volume(
        name,
        labels=[docker.VolumeLabelArgs(label=key, value=value) for key, value in labels(plan, role).items()]
        + [docker.VolumeLabelArgs(label=f"{LABEL}.content", value=content)],
        opts=first,
    )
    filler = docker.Container(
        f"{name}-seed",
        image=image_id,
        start=False,
        must_run=False,
        network_mode="none",
        volumes=[docker.ContainerVolumeArgs(container_path=path, volume_name=volume.name)],
        uploads=list(uploads) or None,
        labels=[
            docker.ContainerLabelArgs(label=key, value=value)
            for key, value in labels(plan, f"{role}-seed").items()
        ],
        opts=first,
    )
    return pulumi.Output.all(volume.name, filler.id).apply(lambda made: str(made[0]))
