"""The site as readers of one language see it: words, dates, labels and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import quote

from babel.core import Locale
from markupsafe import Markup

from clearinghouse.site.catalogue import Speech, speech
from clearinghouse.site.content import Content, Entry
from clearinghouse.site.labels import label
from clearinghouse.site.menu import N_
from clearinghouse.site.model.policy import Report
from clearinghouse.site.words import Words, direction, spaced, words


@dataclass(frozen=True)
class Reader:
    """Who reads.

    Attributes:
        content: what there is.
        language: the reader's.
    """

    content: Content
    language: str

    @cached_property
    def speech(self) -> Speech:
        """How the interface speaks to the reader."""
        return speech(self.language, self.content.languages)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction(self.language)

    @property
    def root(self) -> str:
        """The start of all addresses in the language."""
        return f"/{self.language}/"

    def words(self, text: Mapping[str, str]) -> Words:
        """A text in the reader's language, or the nearest, as it is to be shown."""
        found = words(text, self.language, self.content.languages)
        return Words(spaced(found.text, found.language), found.language)

    def say(self, text: Words | Mapping[str, str] | str | None) -> Markup:
        """A text as HTML; one in another language says so."""
        if text is None or isinstance(text, str):
            return Markup.escape(text or "")
        said = text if isinstance(text, Words) else self.words(text)
        if said.language == self.language:
            return Markup.escape(said.text)
        return Markup('<span lang="{}" dir="{}">{}</span>').format(
            said.language, direction(said.language), said.text
        )

    def label(self, vocabulary: str, value: str) -> str:
        """The name of a value such as `Report.under`, `convention`."""
        return self.speech.text(label(vocabulary, value))

    def day(self, day: date) -> Markup:
        """A day in words."""
        return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), self.speech.day(day))

    def number(self, number: Decimal | float) -> str:
        """A number with the language's separators."""
        return self.speech.number(number)

    def country_name(self, code: str) -> str:
        """A country by its ISO 3166 code, by CLDR; the code itself where CLDR has no name."""
        locale = Locale.parse(self.speech.spoken, sep="-")
        return str(locale.territories.get(code, code))

    def heading(self, entry: Entry) -> Words:
        """By what a record is called."""
        called = getattr(entry.record, entry.record.heading)
        if called is None:
            return Words(self._made_up(entry), self.language)
        return self.words(called) if isinstance(called, Mapping) else Words(called, self.language)

    def summary(self, entry: Entry) -> Words | None:
        """What a record is about."""
        said = entry.record.get("summary")
        return self.words(said) if said else None

    def href(self, entry: Entry) -> str:
        """The address of a record."""
        return self.root + quote(entry.path, safe="/#")

    def _made_up(self, entry: Entry) -> str:
        """What a report is called that has no title of its own."""
        report = entry.record
        if not isinstance(report, Report):
            raise ValueError(f"{entry.source}: a record without a heading")
        name = self.speech.text(N_("National report %(number)s (%(period)s)"))
        if report.under != "convention":
            name = f"{self.label('Report.under', report.under)}: {name}"
        return name % {"number": report.number, "period": report.period}
