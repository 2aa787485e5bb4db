"""How a partner's memory is shared out over its containers."""

from dataclasses import dataclass

MIB = 1024 * 1024
WEB_BESIDE_OTHERS = 64 * MIB
"""Caddy beside an app or a database needs 10 to 20 MiB at rest; the rest is room for transfers."""
APP_PART = 0.55
"""Measured at rest: MariaDB 86 MiB, PHP 56 MiB; under load PHP grows first."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Bytes of memory for each role; 0 where the role is not there."""

    web: int
    app: int
    database: int


def share_memory(memory: int, *, has_app: bool, has_database: bool) -> Shares:
    """Share out a partner's memory limit (bytes): the parts add up to it, whole MiB each."""
    if not has_app:
        return Shares(web=memory, app=0, database=0)
    rest = memory - WEB_BESIDE_OTHERS
    app = int(rest * APP_PART) // MIB * MIB if has_database else rest
    return Shares(web=WEB_BESIDE_OTHERS, app=app, database=rest - app if has_database else 0)
