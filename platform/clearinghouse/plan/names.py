"""Names on the engine that several parts of a plan share."""

from collections.abc import Mapping

from clearinghouse.plan.plan import Volume

WEB_SUFFIX = "web.internal"
"""A virtual host is a network alias: `<domain>.web.internal` on the edge network. `.internal` is
reserved for private use (ICANN resolution 2024.07.29.06), so it can never be somebody's name."""


def web_alias(domain: str) -> str:
    """The alias under which edges find the web server of a domain."""
    return f"{domain}.{WEB_SUFFIX}"


def partner_network(code: str) -> str:
    """The name of a partner's own network, which leads nowhere else."""
    return f"chm-{code}"


def data_volume(owner: str, role: str, generations: Mapping[str, int]) -> Volume:
    """The data volume of a role, in the generation that the stack's configuration names (1 at first)."""
    generation = generations.get(role, 1)
    parts = [part for part in ("chm", owner, role) if part]
    return Volume(f"{'-'.join(parts)}-g{generation}", role, generation)
