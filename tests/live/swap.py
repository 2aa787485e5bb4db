"""Lets two partners' web servers take each other's address while visitors come."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tests.lab import Unanswered

EDGE_NETWORK = "chm-edge"
ADDRESS = '{{(index .NetworkSettings.Networks "chm-edge").IPAddress}}'
ALIASES = '{{range (index .NetworkSettings.Networks "chm-edge").Aliases}}{{.}} {{end}}'


def edge_of(installation: Any) -> str:
    """The name of the host's edge container."""
    role = "label=be.clearinghouse.role=edge"
    return str(installation.docker("ps", "--all", "--filter", role, "--format", "{{.Names}}").strip())


def swap_addresses(installation: Any, sites: Mapping[str, str], *, times: int) -> Counter[str]:
    """Swap the addresses of two sites' web servers many times under load.

    Args:
        sites: partner's code by the domain visited; a page must begin with the code.
        times: how often.

    Returns:
        How many answers were "right", "foreign" (the other site's page) or "none".
    """
    count: Counter[str] = Counter()
    stop = threading.Event()
    visitors = [
        threading.Thread(target=_visit, args=(installation.curl, domain, code, count, stop))
        for domain, code in sites.items()
        for _ in range(2)
    ]
    for visitor in visitors:
        visitor.start()
    try:
        _swap(installation.docker, [installation.containers(code)["web"] for code in sites.values()], times)
    finally:
        stop.set()
        for visitor in visitors:
            visitor.join()
    return count


def _visit(
    curl: Callable[..., Any], domain: str, code: str, count: Counter[str], stop: threading.Event
) -> None:
    while not stop.is_set():
        try:
            reply = curl(f"https://{domain}/", timeout=5)
        except Unanswered:
            count["none"] += 1
            continue
        if reply.status != 200:
            count["none"] += 1
        else:
            count["right" if reply.text.startswith(code) else "foreign"] += 1


def _swap(docker: Callable[..., str], webs: list[str], times: int) -> None:
    addresses = [docker("inspect", "-f", ADDRESS, web).strip() for web in webs]
    aliases = [docker("inspect", "-f", ALIASES, web).split() for web in webs]
    for _ in range(times):
        addresses.reverse()
        for web in webs:
            docker("network", "disconnect", EDGE_NETWORK, web)
        for web, address, names in zip(webs, addresses, aliases, strict=True):
            words = [word for name in names for word in ("--alias", name)]
            docker("network", "connect", "--ip", address, *words, EDGE_NETWORK, web)
