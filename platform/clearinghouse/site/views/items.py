"""Records as lists and pages show them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from markupsafe import Markup

from clearinghouse.site.content import Entry
from clearinghouse.site.facts import FIELDS, Fact, facts
from clearinghouse.site.files import files_of
from clearinghouse.site.model.country import FocalPoint
from clearinghouse.site.model.nature import ProtectedArea
from clearinghouse.site.model.people import Expert
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.views.values import Item, Person, PictureView, Prose
from clearinghouse.site.words import Words

_SHOWN = (
    "status",
    "progress",
    "kind",
    "type",
    "date",
    "start",
    "end",
    "adopted",
    "languages",
    "targets",
    "alignment",
    "link",
)
"""Fields that items and pages show in places of their own."""


def item(frame: Frame, entry: Entry, *, is_whole: bool = False) -> Item:
    """A record in a list.

    Args:
        frame: the language's.
        entry: the record.
        is_whole: with its text and facts, for a record without a page of its own.
    """
    record, reader = entry.record, frame.reader
    link = record.get("link")
    has_page = entry.kind.has_pages
    start, end = days(entry)
    return Item(
        title=reader.heading(entry),
        id=None if has_page else entry.anchor,
        href=reader.href(entry) if has_page else link,
        is_external=not has_page and link is not None,
        kind=kind(frame, entry),
        notes=tuple(_notes(frame, entry)),
        status=status(frame, entry),
        date=start,
        until=end,
        summary=reader.summary(entry),
        body=body(frame, entry) if is_whole else None,
        facts=own_facts(frame, entry) if is_whole else (),
        files=files_of(frame.content, entry, frame.language),
        languages=record.get("languages") or (),
        picture=_small(frame, entry),
    )


def items(frame: Frame, entries: Iterable[Entry], *, is_whole: bool = False) -> tuple[Item, ...]:
    """Records in a list."""
    return tuple(item(frame, entry, is_whole=is_whole) for entry in entries)


def body(frame: Frame, entry: Entry) -> Prose | None:
    """The text of a record."""
    text = entry.record.get(entry.record.text)
    return frame.prose(text, entry.file_in, f"{entry.anchor}-") if isinstance(text, Mapping) else None


def own_facts(frame: Frame, entry: Entry) -> tuple[Fact, ...]:
    """What a record says beside what its item shows."""
    return tuple(facts(entry.record, frame.reader, without=_SHOWN))


def kind(frame: Frame, entry: Entry) -> str | None:
    """What a record is, in a word: its kind or type, else its folder's."""
    for field in ("kind", "type"):
        value = entry.record.get(field)
        if value:
            return frame.reader.label(f"{type(entry.record).__name__}.{field}", value)
    return None


def _notes(frame: Frame, entry: Entry) -> Iterator[Markup]:
    """What is worth knowing of a protected area before one opens its page."""
    area, reader, called = entry.record, frame.reader, FIELDS["category"]
    if isinstance(area, ProtectedArea):
        if area.designation:
            yield reader.say(area.designation)
        if area.category:
            yield Markup("{} <bdi>{}</bdi>").format(frame.text(called), area.category)
        if area.area is not None:
            yield Markup.escape(reader.speech.area(area.area))
        if area.year is not None:
            yield Markup.escape(str(area.year))


def status(frame: Frame, entry: Entry) -> str | None:
    """Where a record stands."""
    for field in ("status", "progress"):
        value = entry.record.get(field)
        if value:
            return frame.reader.label(f"{type(entry.record).__name__}.{field}", value)
    return None


def days(entry: Entry) -> tuple[date | None, date | None]:
    """The day of a record, or its first and last."""
    record = entry.record
    start = next((day for name in ("date", "start", "adopted") if (day := record.get(name))), None)
    return start, record.get("end") if start else None


def focal_point(frame: Frame, entry: Entry, record: FocalPoint) -> Person:
    """A person that the country has named to the Convention."""
    reader = frame.reader
    return Person(
        id=entry.anchor,
        role=reader.label("FocalPoint.role", record.role),
        name=record.name,
        title=_words(frame, record.title),
        organisation=_words(frame, record.organisation),
        address=_words(frame, record.address),
        city=_words(frame, record.city),
        country=reader.country_name(record.country),
        phones=record.phones,
        emails=record.emails,
        websites=record.websites,
        confirmed=record.confirmed,
        is_due=record.review < frame.day,
    )


def expert(frame: Frame, entry: Entry, record: Expert) -> Person:
    """A person whom others may ask."""
    reader = frame.reader
    return Person(
        id=entry.anchor,
        role=reader.label("Expert.type", record.type),
        name=record.name,
        title=_words(frame, record.title),
        organisation=_words(frame, record.organisation),
        city=_words(frame, record.city),
        country=reader.country_name(record.country),
        emails=record.emails,
        websites=record.websites,
        languages=record.languages,
        areas=_words(frame, record.areas),
    )


def people(frame: Frame, folder: str) -> tuple[Person, ...]:
    """The focal points or the experts."""
    found = []
    for entry in frame.content.of(folder):
        if isinstance(entry.record, FocalPoint):
            found.append(focal_point(frame, entry, entry.record))
        elif isinstance(entry.record, Expert):
            found.append(expert(frame, entry, entry.record))
    return tuple(found)


def _words(frame: Frame, text: Mapping[str, str] | None) -> Words | None:
    return frame.reader.words(text) if text else None


def _small(frame: Frame, entry: Entry) -> PictureView | None:
    picture = entry.record.get("picture")
    return frame.thumbnail(picture) if picture else None
