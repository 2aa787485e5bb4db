"""What all feeds are made from: the content, the site's address, the day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from clearinghouse.site.content import Content, Entry
from clearinghouse.site.menu import SECTIONS
from clearinghouse.site.model.journal import Event
from clearinghouse.site.pictures import Variants
from clearinghouse.site.reader import Reader
from clearinghouse.site.texts import uri
from clearinghouse.site.words import Words, words


@dataclass(frozen=True)
class Publication:
    """A partner's content as it is published at an address on a day.

    Attributes:
        content: everything of the partner.
        address: where the site is, `https://bj.chm.example.org`, without a slash at its end.
        day: the day of the build; it stands in only where nothing says when something changed.
        sections: the sections' names by language, `{"fr": {"news": "Actualités"}}`, as the pages have them;
            they become part of the feeds' titles.
        pictures: the variants of each picture in images/.
    """

    content: Content
    address: str
    day: date
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pictures: Mapping[str, Variants] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The site's languages, the main one first."""
        return self.content.languages

    @property
    def domain(self) -> str:
        """The host's name in the address."""
        return self.address.split("://")[-1].split("/")[0]

    def at(self, path: str) -> str:
        """The address of a path below the site's root."""
        return uri(f"{self.address}/{path}")

    def page(self, entry: Entry, language: str) -> str:
        """The address of an entry's page in a language; a page named after a section is the section's own."""
        if entry.kind.folder == "pages" and entry.slug in SECTIONS:
            return self.at(f"{language}/" if entry.slug == "home" else f"{language}/{entry.slug}/")
        return self.at(f"{language}/{entry.path}")

    def words(self, text: Mapping[str, str], language: str) -> Words:
        """What a text says in a language, or in the nearest that there is."""
        return words(text, language, self.languages)

    def name(self, language: str) -> Words:
        """The country's name."""
        return self.words(self.content.partner.name, language)

    def institution(self, language: str) -> Words:
        """Who is responsible for the site; the country, where nobody is named."""
        named = self.content.site.institution
        return self.words(named, language) if named else self.name(language)

    def title(self, entry: Entry, language: str) -> Words:
        """What an entry is called, as its page has it."""
        return Reader(self.content, language).heading(entry)

    def summary(self, entry: Entry, language: str) -> Words | None:
        """What an entry says in short; of an event, when and where it is."""
        if isinstance(entry.record, Event):
            return self._when_and_where(entry.record, language)
        text = entry.record.get("summary")
        return self.words(text, language) if text else None

    def updated(self, entry: Entry, language: str) -> date | None:
        """The day on which an entry last changed, for readers of a language, where it is given."""
        seen = entry.updated.get(self.title(entry, language).language)
        return seen or max(entry.updated.values(), default=entry.record.updated)

    def changed(self, entry: Entry, language: str) -> date:
        """The same where there must be a day: else the thing's own, or the build's if that is to come."""
        own = published(entry) or entry.record.get("start") or self.day
        return self.updated(entry, language) or min(self.day, own)

    def _when_and_where(self, event: Event, language: str) -> Words:
        days = " – ".join(day.isoformat() for day in (event.start, event.end) if day)
        if not event.place:
            return Words(days, language)
        place = self.words(event.place, language)
        return Words(f"{days}, {place.text}", place.language)


def published(entry: Entry) -> date | None:
    """The day on which something was published, made or adopted."""
    day = entry.record.get("date") or entry.record.get("adopted")
    return day if isinstance(day, date) else None


def subjects(entry: Entry) -> tuple[str, ...]:
    """What an entry is about, in the Convention's terms: `forest`, `gbf-target-3`."""
    themes = entry.record.get("themes") or ()
    return (*themes, *(f"gbf-target-{number}" for number in entry.targets))
