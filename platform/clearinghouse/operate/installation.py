"""The backup of the installation itself, made on a host by a container that lives for it."""

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import docker
import docker.errors
import requests

from clearinghouse.declare.load import Declaration
from clearinghouse.engine import connect
from clearinghouse.errors import COULD_NOT_FIND_OUT, NOT_WELL, Trouble
from clearinghouse.installation import root
from clearinghouse.operate import evidence, pulumi
from clearinghouse.operate.helper import Helper, HelperFailed
from clearinghouse.operate.upkeep import Upkeep
from clearinghouse.plan.installation import FILES, plan_installation
from clearinghouse.plan.plan import Container, File, Plan, Volume
from clearinghouse.provision.images import image_ids
from clearinghouse.provision.repositories import folder
from clearinghouse.upkeep.care import DONE
from clearinghouse.upkeep.restic import last_words, lines

_SECRETS = "/run/secrets"
_STATE = ".state/pulumi"
"""Where a checkout has its state, and so where a restored one finds it, wherever it was kept."""
_SAVED = ".state/saved"
_PIECE = 1024 * 1024
_PASSING = (".bak", ".bak.attrs", ".tmp")
_TRIES = 3
Files = Mapping[str, Path]
"""Each file's path in the backup, and where it is."""


def files() -> Files:
    """What makes a checkout this installation: all of stacks/, and Pulumi's state where a folder holds it."""
    found = {f"stacks/{path}": file for path, file in _below(root() / "stacks")}
    if state := pulumi.state_folder():
        kept = {path: file for path, file in _below(state) if not path.endswith(_PASSING)}
        wanted = ("meta.yaml", "stacks/")
        found |= {f"{_STATE}/.pulumi/{path}": file for path, file in kept.items() if path.startswith(wanted)}
    return found | dict(evidence.files())


def digest(found: Files) -> str:
    """Tells one content from another; what Pulumi writes anew at each `up` does not count."""
    whole = sha256()
    for path, file in sorted(found.items()):
        content = b""
        # A link may lead nowhere, and another command may just have removed it.
        with suppress(OSError):
            content = file.read_bytes()
        whole.update(f"{path}\0{sha256(_lasting(path, content)).hexdigest()}\0".encode())
    return whole.hexdigest()


def changed(found: Files) -> float:
    """When any of it was changed last (seconds since 1970)."""
    return max((file.lstat().st_mtime for file in found.values() if os.path.lexists(file)), default=0)


def is_saved(host: str, found: Files) -> bool:
    """Whether the newest backup that this checkout made on a host has all of it as it is."""
    file = root() / _SAVED / host
    return file.exists() and file.read_text().strip() == digest(found)


def places(declaration: Declaration) -> Iterator[tuple[docker.DockerClient, Plan]]:
    """Every host that is up, by its engine, and the plan of the installation's backup there."""
    for host in declaration.hosts.values():
        try:
            client = connect(host)
            Upkeep(client, host.host)
        except Trouble:
            continue
        yield client, plan_installation(host)


def run_now(client: docker.DockerClient, plan: Plan) -> Iterator[Mapping[str, Any]]:
    """Make a backup of the installation on one host.

    Yields:
        As `backups.run_now`.

    Raises:
        Trouble: something is missing in it, or it did not run at all.
    """
    (container,) = plan.containers
    told: Mapping[str, Any] = {}
    trouble = ""
    try:
        with packed() as (archive, content):
            for told in lines(_run(client, plan, container, archive)):
                if told.get("message_type") == "trouble":
                    trouble = str(told["text"])
                else:
                    yield told
    except HelperFailed as failed:
        raise _none(plan, trouble or last_words(failed.words) or failed.last) from None
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise _none(plan, str(error)) from None
    if told.get("message_type") == DONE:
        saved = root() / _SAVED / plan.host
        saved.parent.mkdir(parents=True, exist_ok=True)
        saved.write_text(f"{content}\n")


def _none(plan: Plan, why: str) -> Trouble:
    return Trouble(f"host {plan.host}: no backup of the installation: {why}", exit_code=NOT_WELL)


@contextmanager
def packed() -> Iterator[tuple[IO[bytes], str]]:
    """All that makes this installation, as a tar archive, and its digest.

    The digest is taken first: what another command changes meanwhile is never thought to be in the backup.

    Raises:
        Trouble: something could not be read, or it changed each time.
    """
    with tempfile.TemporaryFile() as buffer:
        for left in reversed(range(_TRIES)):
            found = files()
            content = digest(found)
            try:
                _pack(buffer, found)
                break
            except OSError as error:
                if not left:
                    where = f"{error.filename}: " if error.filename else ""
                    raise Trouble(
                        f"it could not be packed ({where}{error.strerror or error}); repeat"
                    ) from None
        yield buffer, content


def _pack(buffer: IO[bytes], found: Files) -> None:
    buffer.seek(0)
    buffer.truncate()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, file in found.items():
            archive.add(file, path, recursive=False)
    buffer.seek(0)


def _run(
    client: docker.DockerClient, plan: Plan, container: Container, archive: IO[bytes]
) -> Iterator[bytes]:
    assert isinstance(container.image, str)
    with Helper(
        client,
        plan.owner,
        image_ids({container.image}, plan.host, client)[container.image],
        container.command,
        user=container.user,
        volumes=dict(_volumes(client, plan, container)),
        own=(FILES, _SECRETS),
        env={**container.env, "RESTIC_PROGRESS_FPS": "4"},
        capabilities=container.capabilities,
        memory=container.memory,
    ) as helper:
        helper.put(_SECRETS, _secrets(plan))
        helper.put(FILES, iter(partial(archive.read, _PIECE), b""))
        yield from helper.run()


def _volumes(client: docker.DockerClient, plan: Plan, container: Container) -> Iterator[tuple[str, str]]:
    """Where each data volume is mounted, by its name; or by its folder of the host, made where it lacks."""
    for mount in container.mounts:
        if isinstance(volume := mount.source, Volume):
            name = volume.name
            if volume.within:
                Upkeep(client, plan.host).make_place(plan.owner)
                name = folder(client, plan, volume)
            yield name, f"{mount.path}:{'ro' if mount.is_read_only else 'rw'}"


def _secrets(plan: Plan) -> Iterator[bytes]:
    """As files that go with the container: arguments and environment are shown by the engine."""
    with io.BytesIO() as buffer:
        with closing(tarfile.open(fileobj=buffer, mode="w")) as archive:
            for seed in plan.seeds:
                for file in seed.files:
                    info = tarfile.TarInfo(file.name)
                    content = _content(plan, file).encode()
                    info.uid = info.gid = seed.owner
                    info.mode, info.size = int(seed.mode, 8), len(content)
                    archive.addfile(info, io.BytesIO(content))
        yield buffer.getvalue()


def _content(plan: Plan, file: File) -> str:
    wanted = file.content
    if isinstance(wanted, str):
        return wanted
    if wanted.name not in pulumi.configuration(plan.stack):
        raise Trouble(
            f"stack {plan.stack} has no secret {wanted.name}; `chm up {plan.stack}` makes it",
            exit_code=COULD_NOT_FIND_OUT,
        )
    return pulumi.get_config(plan.stack, wanted.name)


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() or file.is_symlink():
            yield str(file.relative_to(folder)), file


def _lasting(path: str, content: bytes) -> bytes:
    """Of a stack's state what it has; order, times and how secrets are encrypted change with each look."""
    if not path.startswith(f"{_STATE}/.pulumi/stacks/"):
        return content
    try:
        kept = json.loads(content)["checkpoint"].get("latest") or {}
        return repr(sorted((each["urn"], each.get("id")) for each in kept.get("resources") or [])).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        return b""
