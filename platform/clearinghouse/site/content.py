"""All that a partner provides for its site, checked: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from clearinghouse.declare.partner import Partner
from clearinghouse.site.model.country import CountryFacts, SiteFacts
from clearinghouse.site.model.kinds import Kind
from clearinghouse.site.model.record import Record, Subjects

Model = TypeVar("Model", bound=Record)


@dataclass(frozen=True)
class Entry:
    """A record and where it stands.

    Attributes:
        kind: its type.
        slug: its file's name or its table's `id`, unique in its type; part of its address.
        record: what it says.
        source: its file as people see it, `stacks/bj/news/2026-05-22-journee.fr.md`.
        languages: the languages in which everything that it says is written, in the site's order.
        updated: the day of the last change, by language, where it is given.
        translations: the files of languages that have one of their own, as people see them.
    """

    kind: Kind
    slug: str
    record: Record
    source: Path
    languages: tuple[str, ...]
    updated: Mapping[str, date] = field(default_factory=dict)
    translations: Mapping[str, Path] = field(default_factory=dict)

    @cached_property
    def path(self) -> str:
        """Its address below a language's: `news/2026-journee/`; `who/#experts-awa` without its own page."""
        if not self.kind.has_pages:
            return f"{self.kind.section}/#{self.anchor}"
        section = self.record.get("section") or self.kind.section
        return f"{section}/{self.slug}/"

    def file_in(self, language: str) -> Path:
        """The file that says it in a language, as people see it."""
        return self.translations.get(language, self.source)

    @property
    def anchor(self) -> str:
        """The id of the record where a page shows several."""
        return f"{self.kind.folder}-{self.slug}"

    @cached_property
    def targets(self) -> tuple[int, ...]:
        """The global targets that the record names."""
        if isinstance(self.record, Subjects):
            return self.record.targets
        return tuple(each.target for each in (self.record.get("alignment") or ()))

    def is_outdated(self, language: str) -> bool:
        """Whether the translation is older than what it was made from, the first language that there is."""
        source = self.updated.get(self.languages[0]) if self.languages else None
        own = self.updated.get(language)
        return source is not None and own is not None and own < source


@dataclass(frozen=True)
class Content:
    """Everything of one partner.

    Attributes:
        partner: its declaration; `partner.languages` are the site's, the main one first.
        site: site.yaml.
        country: country.yaml.
        entries: the records by the folder of their type, sorted as they are to be shown; focal points and
            experts without consent are not among them.
        folder: stacks/<code>, which holds files/ and images/.
        sizes: bytes of each file in files/ that a record names.
    """

    partner: Partner
    site: SiteFacts
    country: CountryFacts
    entries: Mapping[str, tuple[Entry, ...]]
    folder: Path
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The site's languages, the main one first."""
        return self.partner.languages

    @property
    def main(self) -> str:
        """The main language."""
        return self.partner.languages[0]

    def of(self, folder: str) -> tuple[Entry, ...]:
        """The records of a type."""
        return self.entries.get(folder, ())

    @cached_property
    def all(self) -> tuple[Entry, ...]:
        """The records of all types."""
        return tuple(entry for entries in self.entries.values() for entry in entries)

    @cached_property
    def pages_in(self) -> Mapping[str, tuple[Entry, ...]]:
        """The pages by the section that they lie in."""
        found: dict[str, list[Entry]] = {}
        for entry in self.of("pages"):
            found.setdefault(entry.path.split("/")[0], []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}
