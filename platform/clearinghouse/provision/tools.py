"""Tools: read-only volumes with what a platform image has, for containers of other images."""

import pulumi

from clearinghouse.plan.plan import Plan, Tools
from clearinghouse.provision.filled_volume import make_filled_volume

_PATH = "/tools"


def make_tools(
    plan: Plan, tools: Tools, *, image_id: pulumi.Input[str], options: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Make a volume of tools.

    The engine itself fills an empty volume with what is at its path in the image of the container that
    is created with it.

    Args:
        image_id: id of the platform image; what it has at /tools is what the volume holds.
        options: parent and provider.

    Returns:
        The name of the filled volume.
    """
    return make_filled_volume(
        plan, tools.image, path=_PATH, content=image_id, image_id=image_id, options=options
    )
