"""How a partner's memory is shared out over its containers."""

from collections.abc import Collection, Mapping

MIB = 1024 * 1024
FIXED: Mapping[str, int] = {
    "web": 64 * MIB,
    "access": 48 * MIB,
    "relay": 48 * MIB,
    "proxy": 64 * MIB,
}
"""What helpers beside an app or a database get: a few MiB at rest, the rest is room for transfers."""
WEIGHTS: Mapping[str, int] = {"app": 55, "database": 45, "cron": 30}
"""How the others share the rest. Measured at rest: MariaDB 86 MiB, PHP 56 MiB; under load PHP grows first."""


def share_memory(memory: int, roles: Collection[str]) -> Mapping[str, int]:
    """Share out a partner's memory limit over its containers.

    Args:
        memory: the limit in bytes.
        roles: the containers that run for long.

    Returns:
        Bytes by role, whole MiB each, that add up to the limit.
    """
    weights = {role: WEIGHTS[role] for role in roles if role in WEIGHTS} or {"web": 1}
    fixed = {role: FIXED[role] for role in roles if role not in weights}
    rest = (memory - sum(fixed.values())) // MIB
    shares = {role: rest * weight // sum(weights.values()) * MIB for role, weight in weights.items()}
    last = list(weights)[-1]
    shares[last] += memory - sum(fixed.values()) - sum(shares.values())
    return fixed | shares
