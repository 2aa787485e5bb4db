"""The demonstration: this machine as a host, partners of both tiers, a small site put where one is empty."""

from pathlib import Path

from clearinghouse.declare.host import Host
from clearinghouse.declare.load import Declaration
from clearinghouse.engine import connect
from clearinghouse.installation import root
from clearinghouse.operate.put import collect, put
from clearinghouse.operate.stacks import plan_of
from clearinghouse.provision.images import tag

HOST = "local"
"""The host of the demonstration: this machine."""
PARTNERS = ("bj", "cd", "ma")
"""The partners of the demonstration."""


def stacks() -> list[str]:
    """The stacks of the demonstration."""
    return [f"host-{HOST}", *PARTNERS]


def sites() -> dict[str, Path]:
    """The folders of the sites that are put, by partner."""
    folders = sorted((root() / "site_templates/demo").iterdir())
    return {folder.name: folder for folder in folders if folder.is_dir()}


def fill_empty(declaration: Declaration, code: str) -> int:
    """Put the demonstration site of a partner into its volume, unless something is there.

    Returns:
        How many files and folders were put.
    """
    plan, host = plan_of(declaration, code)
    folder = sites().get(code)
    if folder is None or not _is_empty(host, plan.volumes[0].name):
        return 0
    return max(put(declaration.partners[code], host, plan, collect(folder)), default=0)


def _is_empty(host: Host, volume: str) -> bool:
    listing = connect(host).containers.run(
        tag("web"),
        ["find", "/site", "-mindepth", "1", "-type", "f", "-print", "-quit"],
        remove=True,
        network_mode="none",
        user="0",
        volumes={volume: {"bind": "/site", "mode": "ro"}},
    )
    return not listing.strip()
