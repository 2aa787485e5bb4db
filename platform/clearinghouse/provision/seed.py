"""Seeds: small read-only volumes of configuration and secrets.

A container that never starts is created with the volume, and the provider uploads the files into
it; uploading into the real container's read-only root, or into a tmpfs, fails. The volume's name
carries a hash of what is in it: new content is a new volume and so a new reader, while the old
reader keeps the old volume until it is gone.
"""

import hashlib
from collections.abc import Callable

import pulumi
import pulumi_docker as docker

from clearinghouse.plan.plan import SITE_GROUP, Plan, Secret, Seed
from clearinghouse.provision.labels import labels

SEED_IMAGE = "seed"
ReadSecret = Callable[[Secret], pulumi.Output[str]]


def make_seed(
    plan: Plan,
    seed: Seed,
    *,
    secret: ReadSecret,
    image_id: pulumi.Input[str],
    options: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Make a seed.

    Args:
        secret: gives the value of a secret.
        image_id: id of the image `seed`; nothing of it runs.
        options: parent and provider.

    Returns:
        The name of the filled volume.
    """
    contents = [
        secret(file.content) if isinstance(file.content, Secret) else pulumi.Output.from_input(file.content)
        for file in seed.files
    ]
    name = f"{plan.prefix}-{seed.role}"
    # The new one has another name, so the old one and its reader can stay until the new reader is well.
    first = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(delete_before_replace=False))
    volume = docker.Volume(
        name,
        name=pulumi.Output.unsecret(
            pulumi.Output.all(*contents).apply(lambda texts: _named(name, seed, texts))
        ),
        labels=[
            docker.VolumeLabelArgs(label=key, value=value) for key, value in labels(plan, seed.role).items()
        ],
        opts=first,
    )
    filler = docker.Container(
        f"{name}-seed",
        image=image_id,
        start=False,
        must_run=False,
        network_mode="none",
        volumes=[docker.ContainerVolumeArgs(container_path="/seed", volume_name=volume.name)],
        uploads=[
            docker.ContainerUploadArgs(
                file=f"/seed/{file.name}",
                content=content,
                owner=str(seed.owner),
                group=str(SITE_GROUP),
                permissions=seed.mode,
            )
            for file, content in zip(seed.files, contents, strict=True)
        ],
        labels=[
            docker.ContainerLabelArgs(label=key, value=value)
            for key, value in labels(plan, f"{seed.role}-seed").items()
        ],
        opts=first,
    )
    return pulumi.Output.all(volume.name, filler.id).apply(lambda made: str(made[0]))


def _named(name: str, seed: Seed, contents: list[str]) -> str:
    digest = hashlib.sha256(f"{seed.owner} {seed.mode}".encode())
    for file, content in zip(seed.files, contents, strict=True):
        digest.update(f"\0{file.name}\0{content}".encode())
    return f"{name}-{digest.hexdigest()[:12]}"
