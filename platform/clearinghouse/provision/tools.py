"""Tools: small read-only volumes with what a platform image has, for containers of other images.

The engine itself fills an empty volume with what is at its path in the image of the container that
is created with it; that container never starts. The volume's name carries the image's id: another
image is another volume and so a new reader.
"""

import pulumi
import pulumi_docker as docker

from clearinghouse.plan.plan import Plan, Tools
from clearinghouse.provision.labels import labels

PATH = "/tools"


def make_tools(
    plan: Plan, tools: Tools, *, image_id: pulumi.Input[str], options: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Make a volume of tools.

    Args:
        image_id: id of the platform image; what it has at /tools is what the volume holds.
        options: parent and provider.

    Returns:
        The name of the filled volume.
    """
    name = f"{plan.prefix}-{tools.image}"
    # As with a seed, the old one and its reader can stay until the new reader is well.
    first = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(delete_before_replace=False))
    volume = docker.Volume(
        name,
        name=pulumi.Output.from_input(image_id).apply(lambda whole: f"{name}-{_short(whole)}"),
        labels=[
            docker.VolumeLabelArgs(label=key, value=value) for key, value in labels(plan, tools.image).items()
        ],
        opts=first,
    )
    filler = docker.Container(
        f"{name}-seed",
        image=image_id,
        start=False,
        must_run=False,
        network_mode="none",
        volumes=[docker.ContainerVolumeArgs(container_path=PATH, volume_name=volume.name)],
        labels=[
            docker.ContainerLabelArgs(label=key, value=value)
            for key, value in labels(plan, f"{tools.image}-seed").items()
        ],
        opts=first,
    )
    return pulumi.Output.all(volume.name, filler.id).apply(lambda made: str(made[0]))


def _short(image_id: str) -> str:
    return image_id.removeprefix("sha256:")[:12]
