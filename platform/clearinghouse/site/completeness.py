"""How much of a site is there in each of its languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clearinghouse.site.catalogue import languages
from clearinghouse.site.content import Content, Entry


@dataclass(frozen=True, slots=True)
class Completeness:
    """What there is in a language.

    Attributes:
        language: a BCP 47 tag.
        written: how many records are written in it.
        all: how many there are.
        outdated: the files of those that are older than what they were made from.
        missing: the files of those that are not written in it.
        has_interface: whether the interface speaks it.
    """

    language: str
    written: int
    all: int
    outdated: tuple[Path, ...]
    missing: tuple[Path, ...]
    has_interface: bool


def completeness(content: Content) -> Iterator[Completeness]:
    """What there is in each of the site's languages, in their order."""
    known = {tag.split("-")[0] for tag in languages()}
    for language in content.languages:
        written = [entry for entry in content.all if language in entry.languages]
        yield Completeness(
            language=language,
            written=len(written),
            all=len(content.all),
            outdated=_sources([entry for entry in written if entry.is_outdated(language)]),
            missing=_sources([entry for entry in content.all if language not in entry.languages]),
            has_interface=language.split("-")[0] in known,
        )


def _sources(entries: list[Entry]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(entry.source for entry in entries))
