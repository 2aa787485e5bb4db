"""Images as resources: the platform's own are built on a host, a partner's is pulled, a site's is named."""

import pulumi
from pulumi_docker import RemoteImage, RemoteImageBuildArgs

from clearinghouse.installation import root
from clearinghouse.plan.plan import SITE_BASE, PartnerImage, Plan, SiteImage
from clearinghouse.provision.images import CONTEXTS, assemble, build_arguments, tag


def build_image(name: str, *, options: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Build a platform image on the host where it is missing; gives its id.

    Raises:
        Trouble: a program that it holds has not been built.
    """
    full_name = tag(name)
    context = CONTEXTS / name
    assemble(name, root() / context)
    image = RemoteImage(
        f"image-{name}",
        name=full_name,
        build=RemoteImageBuildArgs(
            # The provider runs where the program lies, in platform/; buildx is on no host here.
            context=f"../{context}",
            build_args=build_arguments(name),
            use_legacy_builder=True,
            remove=True,
        ),
        triggers={"inputs": full_name},
        keep_locally=True,
        opts=options,
    )
    return image.image_id


def partner_image(plan: Plan, image: PartnerImage, *, options: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """A partner's own image: the one on the host, pulled where there is none; gives its id.

    Its tag may move in the registry: that is seen here only when the image on the host is another one.
    """
    made = RemoteImage(f"{plan.prefix}-image", name=image.reference, keep_locally=True, opts=options)
    return made.image_id


def site_image(
    plan: Plan, image: SiteImage, *, options: pulumi.ResourceOptions, hooks: pulumi.ResourceHookBinding
) -> pulumi.Output[str]:
    """The image of a built site; gives its id. It stays on the host when the stack goes on to another."""
    made = RemoteImage(
        f"{plan.prefix}-image",
        name=image.reference,
        # Another web below it is another image.
        triggers={"base": tag(SITE_BASE)},
        keep_locally=True,
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(hooks=hooks)),
    )
    return made.image_id
