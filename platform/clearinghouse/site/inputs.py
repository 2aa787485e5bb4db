"""All that a partner's site is made from, as hashes."""

import hashlib
import json
import os
import platform
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from clearinghouse.declare.partner import Partner
from clearinghouse.site.day import day_for, days_in, today
from clearinghouse.site.seen import Seen

_GENERATOR = Path(__file__).parent
_LIBRARIES = ("Babel", "brotli", "Jinja2", "pyromark", "nh3", "pagefind", "Pillow")
_OWN = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
"""Of this machine: another one's pages are never shared, so they are not part of a build's name."""
_DECLARED = {"partner", "name", "languages", "domains"}
"""What a site takes of its partner's declaration."""
_TEXTS = (".yaml", ".md", ".csv")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a site is made from.

    Attributes:
        digest: the hash of all of it: 64 hexadecimal digits.
        generator: the hash of what is the same for all sites on this machine: code, templates, libraries.
        day: the day that the site is made for.
    """

    digest: str
    generator: str
    day: date


def inputs(root: Path, partner: Partner, seen: Seen) -> Inputs:
    """What a partner's site is made from, as it is now.

    Args:
        root: the installation.
        partner: whose site it is.
        seen: what was read before.
    """
    own = _read_all(f"{root}/stacks/{partner.partner}", seen)
    day = day_for((days for _, (_, days) in own), today())
    facts = [partner.model_dump(mode="json", include=_DECLARED), str(day), _versions()]
    generator = [
        f"{name}\0{digest}"
        for folder in (root / "site_templates/standard", _GENERATOR)
        for name, (digest, _) in _read_all(str(folder), seen)
    ]
    texts = (f"{name}\0{digest}" for name, (digest, _) in own)
    everything = _hash([json.dumps(facts, sort_keys=True), *generator, *texts])
    return Inputs(everything, _hash([json.dumps([_versions(), _OWN], sort_keys=True), *generator]), day)


def _read_all(folder: str, seen: Seen) -> list[tuple[str, tuple[str, bytes]]]:
    """Of every file by its path below a folder: the hash, and the days that it names."""
    found = []
    for path in sorted(_files(folder)):
        # An editor's lock is a link to nothing, and its temporary files go while they are looked at.
        with suppress(FileNotFoundError):
            found.append((path.removeprefix(folder), seen.of_file(path, "digest", partial(_digest, path))))
    return found


def _digest(path: str) -> tuple[str, bytes]:
    with open(path, "rb") as file:  # as plain text, see `_files`
        content = file.read()
    return hashlib.sha256(content).hexdigest(), days_in(content) if path.endswith(_TEXTS) else b""


def _files(folder: str) -> Iterator[str]:
    # Paths as plain text: there are thousands, and a Path takes ten times as long.
    for place, _, names in os.walk(folder):
        yield from (f"{place}/{name}" for name in names if not name.endswith(".pyc"))


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


@cache
def _versions() -> dict[str, str]:
    """Of what this process works with; it takes longer to find out than to read a hundred files."""
    return {name: version(name) for name in _LIBRARIES}
