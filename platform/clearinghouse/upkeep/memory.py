"""What upkeep has seen of a repository, in a file that no partner reaches.

A client may say what it likes of its snapshots; what counts is what was seen here, and when.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """A snapshot that was seen.

    Attributes:
        run: the run that it says it is of; empty where it says none.
        at: when it was made as far as that is believed (seconds since 1970).
    """

    run: str
    at: float


@dataclass(slots=True)
class Memory:
    """All that is remembered of one repository.

    Attributes:
        identity: of the repository; another one in its place is noticed.
        cared: when upkeep ended last (seconds since 1970); 0 before the first time.
        seen: each snapshot that should be there, by its id.
        copies: the run of each snapshot that should be at the second place, by its id.
        forgetting: ids that are about to go from either place.
        verified: when a tree was read back at the second place, by its hash.
        alarms: what a person has to look at, by its key; it stays until trusted.
        trusted: keys of alarms that a person has looked at.
        locks: when each lock was seen first.
        checked: when both places were checked last, and how often they have been.
        damage: what a check of a place found, by the place; it stays until all of it is sound.
    """

    identity: str = ""
    cared: float = 0
    seen: dict[str, Seen] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    forgetting: list[str] = field(default_factory=list)
    verified: dict[str, float] = field(default_factory=dict)
    alarms: dict[str, str] = field(default_factory=dict)
    trusted: list[str] = field(default_factory=list)
    locks: dict[str, float] = field(default_factory=dict)
    checked: float = 0
    checks: int = 0
    damage: dict[str, str] = field(default_factory=dict)

    def alarm(self, key: str, text: str) -> None:
        """Remember what a person has to look at, unless one has."""
        if key not in self.trusted:
            self.alarms.setdefault(key, text)

    def trust(self) -> list[str]:
        """Take all alarms as looked at; gives their texts."""
        texts = list(self.alarms.values())
        self.trusted += list(self.alarms)
        self.alarms.clear()
        return texts


def load(file: Path) -> Memory | None:
    """What is remembered; None where there is nothing, or nothing that can be read."""
    try:
        told: dict[str, Any] = json.loads(file.read_bytes())
        seen = {identity: Seen(**each) for identity, each in told.pop("seen").items()}
        return Memory(seen=seen, **told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def save(memory: Memory, file: Path) -> None:
    """Write it whole or not at all.

    Raises:
        OSError: there is no space.
    """
    write_whole(file, json.dumps(asdict(memory), sort_keys=True))


def write_whole(file: Path, text: str) -> None:
    """Write a file so that who reads it, or a power cut, meets the old one or the new one."""
    part = file.with_name(f".{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    with part.open("w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)
