"""Filling a site's volume from a folder. Adds and replaces; never deletes."""

import stat
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import docker

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import LABEL, connect, containers_of
from clearinghouse.errors import Trouble
from clearinghouse.operate.helper import refuse_while_restored
from clearinghouse.plan.plan import SITE_GROUP, Plan, Volume
from clearinghouse.plan.site_files import OWNER, ROOT
from clearinghouse.provision.generations import check_generations
from clearinghouse.provision.labels import labels

PUT = "put"
"""Role of the container that a volume is filled through."""
_CHUNK = 64
MIB = 1024 * 1024
_MOST = 100_000
"""Entries; more are no website but a folder taken by mistake, or links that multiply."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder to put: where it is, and its path below the site."""

    source: Path
    path: str
    size: int


def collect(folder: Path) -> tuple[Entry, ...]:
    """All files and folders below a folder, parents first.

    Raises:
        Trouble: it is no readable folder, or has something in it that is neither file nor folder,
            or a link that leaves it.
    """
    if not folder.is_dir():
        raise Trouble(f"{folder}: should be a folder with the site's files; it is not there or no folder")
    try:
        entries = tuple(islice(_walk(folder.resolve(), folder.resolve()), _MOST + 1))
    except RecursionError:
        raise Trouble(f"{folder}: has too many levels of folders; put it in parts") from None
    except OSError as error:
        raise Trouble(f"{error.filename or folder}: cannot be read ({error.strerror})") from None
    if len(entries) > _MOST:
        raise Trouble(f"{folder}: should hold at most {_MOST} files and folders; put it in parts")
    return entries


def put(partner: Partner, host: Host, plan: Plan, entries: tuple[Entry, ...]) -> Iterator[int]:
    """Put entries into a site's volumes, each with its owner and mode.

    Yields:
        How many entries are there so far, after each batch.

    Raises:
        Trouble: the site is one that is built, the stack is not up, or a file changes or vanishes while
            it is read.
    """
    if partner.tier == "standard-site":
        raise Trouble(
            f"stack {plan.stack}: its site is built from stacks/{plan.stack}; change that,"
            f" then `chm up {plan.stack}`"
        )
    client = connect(host)
    web = next((c for c in containers_of(client, plan.owner) if c.labels.get(f"{LABEL}.role") == "web"), None)
    if web is None or web.image is None:
        raise Trouble(f"stack {plan.stack} is not up; run `chm up {plan.stack}` first")
    refuse_while_restored(client, plan.owner)
    check_generations(plan, client)
    writable = partner.site.writable if partner.site else ()
    filler = client.api.create_container(
        web.image.id,
        labels=labels(plan, PUT),
        host_config=client.api.create_host_config(binds=_binds(plan)),
    )
    done = 0
    try:
        for batch in _batches(entries):
            _send(client, filler["Id"], batch, writable)
            done += len(batch)
            yield done
    except OSError as error:
        raise Trouble(
            f"{error.filename or 'a file'}: changed while it was read ({error.strerror}); repeat"
        ) from None
    finally:
        client.api.remove_container(filler["Id"], v=False)


def _batches(entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, ...]]:
    """Some 64 entries or 64 MiB at a time, so that there is progress to show."""
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == _CHUNK or sum(each.size for each in batch) >= _CHUNK * MIB:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _walk(folder: Path, top: Path) -> Iterator[Entry]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            _check_link(path, top)
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            yield Entry(path, str(path.relative_to(top)), 0)
            yield from _walk(path, top)
        elif stat.S_ISREG(mode):
            yield Entry(path, str(path.relative_to(top)), path.stat().st_size)
        else:
            raise Trouble(f"{path}: should be a file or a folder; remove it")


def _check_link(path: Path, top: Path) -> None:
    try:
        target = path.resolve()
    except RuntimeError:
        raise Trouble(f"{path}: this link leads back to itself; remove it") from None
    if not target.is_relative_to(top):
        raise Trouble(f"{path}: this link leaves {top}; replace it by what it points to")
    if not target.exists():
        raise Trouble(f"{path}: this link leads nowhere; remove it")
    if path.parent.is_relative_to(target):
        raise Trouble(f"{path}: this link leads back to a folder above it; remove it")


def _binds(plan: Plan) -> list[str]:
    container = next(c for c in plan.containers if c.role == "web")
    return [
        f"{mount.source.name}:{mount.path}:rw"
        for mount in container.mounts
        if isinstance(mount.source, Volume) and mount.path.startswith(ROOT)
    ]


def _send(
    client: docker.DockerClient, container: str, batch: tuple[Entry, ...], writable: tuple[str, ...]
) -> None:
    with tempfile.TemporaryFile() as buffer, tarfile.open(fileobj=buffer, mode="w") as archive:
        for entry in batch:
            is_written = any(entry.path == path or entry.path.startswith(f"{path}/") for path in writable)
            _add(archive, entry, is_written=is_written)
        archive.close()
        buffer.seek(0)
        client.api.put_archive(container, ROOT, buffer)


def _add(archive: tarfile.TarFile, entry: Entry, *, is_written: bool) -> None:
    info = tarfile.TarInfo(entry.path)
    info.uid, info.gid = OWNER, SITE_GROUP
    info.mtime = entry.source.stat().st_mtime
    if entry.source.is_dir():
        info.type, info.mode = tarfile.DIRTYPE, 0o2770 if is_written else 0o2750
        archive.addfile(info)
        return
    info.size, info.mode = entry.size, 0o660 if is_written else 0o640
    with entry.source.open("rb") as content:
        archive.addfile(info, content)
