"""What somebody tries who has taken over a partner's PHP: from its container, and through its pages.

Each attack is a program that prints what it got; nothing, when all was refused. `sh` and `pl` run in the
app's container as its user, `php` by its php-fpm for a visitor.
"""

import re
from dataclasses import dataclass
from pathlib import Path

NOTHING = "nothing"
_HERE = Path(__file__).parent
REACH = _HERE / "reach.pl"
_REACHES = {
    "the neighbour's web by its names and aliases": "neighbour's web by name",
    "the neighbour's web by its addresses on both its networks": "neighbour's web by address",
    "the neighbour's database by name and address": "neighbour's database",
    "the edge: its ports, an admin API": "edge",
    "the host's own services at every address of the host": "host",
    "the engine and the swarm at every address of the host": "engine",
    "the metadata address of clouds": "metadata",
    "the internet": "internet",
}


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        what: as the table in docs/security.md names it.
        program: the file.
        targets: groups of addresses that it is given.
        gets: what it must print.
    """

    what: str
    program: Path
    targets: tuple[str, ...] = ()
    gets: str = NOTHING


def attacks() -> tuple[Attack, ...]:
    """All attacks, in the order of the table; the bombs come last."""
    reaches = (Attack(what, REACH, (group,)) for what, group in _REACHES.items())
    return (*reaches, *(_read(file) for file in sorted(_HERE.glob("[0-9]*"))))


def _read(file: Path) -> Attack:
    """What a file's own first lines say of it."""
    said = dict(re.findall(r"^(?:#|//) (what|targets|gets): (.+)$", file.read_text(), re.MULTILINE))
    targets = tuple(filter(None, said.get("targets", "").split(", ")))
    return Attack(said["what"], file, targets, said.get("gets", NOTHING))
