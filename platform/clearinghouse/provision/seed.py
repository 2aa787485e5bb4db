"""Seeds: read-only volumes of configuration and secrets."""

import hashlib
from collections.abc import Callable, Sequence

import pulumi
import pulumi_docker as docker

from clearinghouse.plan.plan import SITE_GROUP, Plan, Secret, Seed
from clearinghouse.provision.filled_volume import make_filled_volume

SEED_IMAGE = "seed"
_PATH = "/seed"
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
    return make_filled_volume(
        plan,
        seed.role,
        path=_PATH,
        content=pulumi.Output.unsecret(
            pulumi.Output.all(*contents).apply(lambda texts: _digest(seed, texts))
        ),
        image_id=image_id,
        options=options,
        uploads=_uploads(seed, contents),
    )


def _uploads(seed: Seed, contents: Sequence[pulumi.Output[str]]) -> list[docker.ContainerUploadArgs]:
    return [
        docker.ContainerUploadArgs(
            file=f"{_PATH}/{file.name}",
            content=content,
            owner=str(seed.owner),
            group=str(SITE_GROUP),
            permissions=seed.mode,
        )
        for file, content in zip(seed.files, contents, strict=True)
    ]


def _digest(seed: Seed, contents: list[str]) -> str:
    digest = hashlib.sha256(f"{seed.owner} {seed.mode}".encode())
    for file, content in zip(seed.files, contents, strict=True):
        digest.update(f"\0{file.name}\0{content}".encode())
    return digest.hexdigest()[:12]
