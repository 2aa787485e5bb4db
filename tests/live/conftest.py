"""One lab for the whole run: a played host, and on it what `make demo` makes of a clean checkout."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.lab import Lab
from tests.live.chromium import chromium
from tests.live.installation import STATIC, STATIC_SITE, Done, Installation


@dataclass(frozen=True)
class Demo:
    """The first and the second `make demo`, and the status after them."""

    first: Done
    second: Done
    installation: Installation


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that take everything down come last, whatever their names."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Two hosts, and a client."""
    with Lab("alpha", "beta", **_own_lab()) as lab:
        yield lab


@pytest.fixture(scope="session")
def demo(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`make demo`, twice, on a host where nothing ran before."""
    installation = Installation(tmp_path_factory.mktemp("installation"), lab, lab["alpha"])
    first = installation.run("make", "demo", timeout=1800)
    second = installation.run("make", "demo")
    return Demo(first, second, installation)


@pytest.fixture(scope="session")
def installation(demo: Demo) -> Installation:
    """The same host, made a larger production one: ports 80 and 443, IPv4 and IPv6; and the partner xs."""
    demo.first.well()
    here = demo.installation
    here.ca.write_text(here.chm("ca").well().output)
    text = (here.root / "stacks/hosts/local.yaml").read_text()
    kept = [
        line
        for line in text.splitlines()
        if not line.startswith(("addresses:", "ports:", "  http", "  https"))
    ]
    here.declare(
        "hosts/local.yaml", "\n".join([*kept, f'addresses: ["{here.host.ipv4}", "{here.host.ipv6}"]', ""])
    )
    here.change("hosts/local.yaml", "memory: 3G\n  cpus: 4", "memory: 6G\n  cpus: 8")
    here.declare("xs.yaml", STATIC.read_text())
    here.chm("up").well()
    here.chm("put", "xs", str(STATIC_SITE)).well()
    return here


@pytest.fixture(scope="session")
def browser(installation: Installation) -> Iterator[Browser]:
    """Chromium, for the partners' own sites; it speaks HTTP/3 with one of files only."""
    with chromium(
        installation, trusted=("xs.chm.localhost", "cd.chm.localhost"), http_3="xs.chm.localhost"
    ) as browser:
        yield browser


def _own_lab() -> dict[str, Any]:
    """A lab for each worker, and others where CHM_LAB is set (10 to 99): runs go side by side."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    number = int(os.environ.get("CHM_LAB", 9)) + worker if worker or "CHM_LAB" in os.environ else 0
    if not number:
        return {}
    return {"name": f"chm-lab{number}", "ipv4": f"10.79.{number}.0/24", "ipv6": f"fd79:{number}::/64"}
