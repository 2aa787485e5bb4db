"""The demonstration: every declared stack on this machine, with small sites put into the empty ones."""

from collections.abc import Iterator
from pathlib import Path

from clearinghouse.declare.host import Host
from clearinghouse.declare.load import Declaration
from clearinghouse.engine import connect
from clearinghouse.installation import root
from clearinghouse.operate.put import collect, put
from clearinghouse.operate.stacks import plan_of


def sites() -> dict[str, Path]:
    """The demonstration sites, by partner."""
    return {
        folder.name: folder
        for folder in sorted((root() / "site_templates/demo").iterdir())
        if folder.is_dir()
    }


def fill_empty(declaration: Declaration, code: str) -> int:
    """Put the demonstration site of a partner into its volume, unless something is there.

    Returns:
        How many files and folders were put.
    """
    plan, host = plan_of(declaration, code)
    folder = sites().get(code)
    if folder is None or not _is_empty(host, plan.volumes[0].name):
        return 0
    entries = collect(folder)
    return max(_put(declaration, code, host, entries), default=0)


def _put(declaration: Declaration, code: str, host: Host, entries: tuple) -> Iterator[int]:  # type: ignore[type-arg]
    return put(declaration.partners[code], host, plan_of(declaration, code)[0], entries)


def _is_empty(host: Host, volume: str) -> bool:
    client = connect(host)
    image = next(iter(client.images.list(name="clearinghouse/web")))
    listing = client.containers.run(
        image,
        ["find", "/site", "-mindepth", "1", "-type", "f", "-print", "-quit"],
        remove=True,
        network_mode="none",
        user="0",
        volumes={volume: {"bind": "/site", "mode": "ro"}},
    )
    return not listing.strip()
