"""A built site as an image on its host: made where it is not there yet, from what the generator wrote.

The provider builds whenever it creates, and knows no image that is there already; so a hook makes the
image, and the resource only names it. A build that is on the host is taken as it is, within a moment.
"""

import hashlib
import json
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

import docker
import docker.errors
from docker.models.images import Image

from clearinghouse.declare.partner import Partner
from clearinghouse.engine import LABEL
from clearinghouse.errors import Trouble
from clearinghouse.plan.plan import SITE_BASE, Plan, SiteImage
from clearinghouse.provision.images import tag
from clearinghouse.provision.labels import labels

BUILD, BASE, BUILT = f"{LABEL}.build", f"{LABEL}.base", f"{LABEL}.built"
"""Labels of an image: its digest, the platform image below it, when the site was built (ISO 8601, UTC)."""
SITE = "site"
"""Role of the image, and the key of the stack's configuration that holds a build that was gone back to."""
_FIRST_TIME = 1_000_000_000
_TIMES = 2**28
_TIMEOUT = 600
"""Seconds of silence in which an engine still may be copying."""

FindFolder = Callable[[SiteImage], Path]


def build_for(root: Path, partner: Partner, held: object) -> str:
    """Which build of a partner's site is to run: its digest, or nothing for a tier without.

    Args:
        root: the installation.
        held: what the stack's configuration says of a build that was gone back to; None: the newest.

    Raises:
        Trouble: the configuration says something else than a digest.
    """
    if partner.tier != "standard-site":
        return ""
    if held is None:
        from clearinghouse.site.build import inputs_digest

        return inputs_digest(root, partner)
    if re.fullmatch(r"[0-9a-f]{64}", str(held)):
        return str(held)
    raise Trouble(
        f"stacks/Pulumi.{partner.partner}.yaml: {SITE}: should be the 64 digits of a build, is {held!r};"
        f" `chm site rollback {partner.partner} --newest` removes it"
    )


def site_folder(root: Path, partner: Partner, image: SiteImage) -> Path:
    """The folder with the files of a build, which is built unless it is there.

    Raises:
        Trouble: something is wrong in the partner's information, or the build is an older one that is gone.
    """
    folder = root / ".state/sites" / image.partner / image.digest
    if folder.is_dir():
        return folder
    # The generator's libraries are not for every command.
    from clearinghouse.site.build import build, inputs_digest

    if image.digest == inputs_digest(root, partner):
        made = build(root, partner)
        if made.name == image.digest:
            return made
        raise Trouble(f"stack {image.partner}: stacks/{image.partner} changed while it was read; repeat")
    raise Trouble(
        f"stack {image.partner}: the build {image.digest[:12]} is not on its host any more;"
        f" `chm site rollback {image.partner} --newest` builds the site as it is declared"
    )


def there(client: docker.DockerClient, image: SiteImage) -> Image | None:
    """The image of a build that is on the host, whatever is below it; None where there is none."""
    try:
        found = client.images.get(image.reference)
    except docker.errors.ImageNotFound:
        return None
    return found if found.labels.get(BUILD) == image.digest else None


def make(plan: Plan, image: SiteImage, client: docker.DockerClient, folder: FindFolder) -> None:
    """Make the image of a build on the host, unless it is there on this version's web.

    Raises:
        Trouble: its files cannot be had, or the engine refuses.
    """
    found = there(client, image)
    if found is None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        _build(client, image, _dockerfile(plan, image, now), folder(image))
    elif found.labels.get(BASE) != tag(SITE_BASE):
        _build(client, image, _dockerfile(plan, image, found.labels[BUILT], is_there=True), None)


def _dockerfile(plan: Plan, image: SiteImage, built: str, *, is_there: bool = False) -> str:
    """From the files beside it, or from the same build on another web; they belong to root."""
    marks = labels(plan, SITE, build=image.digest, base=tag(SITE_BASE), built=built)
    return "\n".join(
        [
            *([f"FROM {image.reference} AS before"] if is_there else []),
            f"FROM {tag(SITE_BASE)}",
            "COPY --from=before /site /site" if is_there else "COPY site /site",
            *(f"LABEL {json.dumps(key)}={json.dumps(value)}" for key, value in marks.items()),
            "",
        ]
    )


def _build(client: docker.DockerClient, image: SiteImage, dockerfile: str, folder: Path | None) -> None:
    with tempfile.TemporaryFile() as context:
        _pack(context, dockerfile, folder)
        context.seek(0)
        try:
            for line in client.api.build(
                fileobj=context, custom_context=True, tag=image.reference, rm=True, forcerm=True,
                decode=True, timeout=_TIMEOUT,
            ):  # fmt: skip
                _refuse_error(image, line)
        except docker.errors.APIError as error:
            _refuse_error(image, {"error": str(error.explanation or error)})


def _refuse_error(image: SiteImage, line: Mapping[str, str]) -> None:
    if error := line.get("error"):
        raise Trouble(f"stack {image.partner}: the image {image.reference} could not be made: {error}")


def _pack(target: IO[bytes], dockerfile: str, folder: Path | None) -> None:
    with tarfile.open(fileobj=target, mode="w") as archive:
        _add(archive, tarfile.TarInfo("Dockerfile"), dockerfile.encode())
        for path in sorted(folder.rglob("*")) if folder else ():
            info = tarfile.TarInfo(f"site/{path.relative_to(folder or path)}")
            if path.is_dir():
                info.type, info.mode, info.mtime = tarfile.DIRTYPE, 0o755, _FIRST_TIME
                archive.addfile(info)
            else:
                _add(archive, info, path.read_bytes())


def _add(archive: tarfile.TarFile, info: tarfile.TarInfo, content: bytes) -> None:
    """With a time made from the content: the web server makes a file's ETag from its time and size."""
    number = int.from_bytes(hashlib.sha256(content).digest()[:8])
    info.size, info.mode, info.mtime = len(content), 0o644, _FIRST_TIME + number % _TIMES
    archive.addfile(info, BytesIO(content))


def images_of(client: docker.DockerClient, plan: Plan) -> Iterator[Image]:
    """All images on the host that were made for a stack's site, named or not."""
    ours = labels(plan, SITE)
    wanted = [
        f"{label}={ours[label]}" for label in (f"{LABEL}.owner", f"{LABEL}.role", f"{LABEL}.installation")
    ]
    yield from client.images.list(filters={"label": wanted})
