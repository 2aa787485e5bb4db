"""The calendar of events (iCalendar, RFC 5545), one a language; events last whole days."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.context import Publication, subjects
from clearinghouse.site.model.journal import Event
from clearinghouse.site.texts import clean, uri
from clearinghouse.site.words import Words

LONGEST_LINE = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""

# Control characters have no place in text (RFC 5545, 3.1, CONTROL); the line feed is written as \n.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def calendars(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """`fr/events/calendar.ics` for every language; none without events, for a calendar may not be empty."""
    if not publication.content.of("events"):
        return
    for language in publication.languages:
        lines = _calendar(publication, language)
        yield f"{language}/events/calendar.ics", b"".join(folded(line) for line in lines)


def folded(line: str) -> bytes:
    """A content line with its end, broken after at most 75 octets, between characters (RFC 5545, 3.1)."""
    pieces: list[bytes] = []
    piece = b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"


def escaped(text: str) -> str:
    """Text as a value of the type TEXT (RFC 5545, 3.3.11)."""
    safe = _CONTROL.sub("", clean(text))
    for character in "\\;,":
        safe = safe.replace(character, f"\\{character}")
    return safe.replace("\n", "\\n")


def _calendar(publication: Publication, language: str) -> Iterator[str]:
    name = publication.name(language)
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{publication.domain}//Clearing-House Mechanism//{language.upper()}"
    yield "CALSCALE:GREGORIAN"
    yield _text("NAME", name)  # RFC 7986; older readers know the X- property alone
    yield f"X-WR-CALNAME:{escaped(name.text)}"
    yield f"URL:{publication.at(f'{language}/events/')}"
    for entry in publication.content.of("events"):
        if isinstance(entry.record, Event):
            yield from _event(publication, entry, entry.record, language)
    yield "END:VCALENDAR"


def _event(publication: Publication, entry: Entry, event: Event, language: str) -> Iterator[str]:
    last = max(event.start, event.end or event.start)
    after = last if last == date.max else last + timedelta(days=1)
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.slug}@{publication.domain}"
    yield f"DTSTAMP:{_digits(_stamp(entry, event))}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_digits(event.start)}"
    yield f"DTEND;VALUE=DATE:{_digits(after)}"
    yield _text("SUMMARY", publication.title(entry, language))
    yield from _details(publication, event, language)
    yield f"URL:{publication.page(entry, language)}"
    if about := subjects(entry):
        yield f"CATEGORIES:{','.join(escaped(subject) for subject in about)}"
    yield "TRANSP:TRANSPARENT"  # it makes nobody busy who only reads it
    yield "END:VEVENT"


def _details(publication: Publication, event: Event, language: str) -> Iterator[str]:
    if event.place:
        yield _text("LOCATION", publication.words(event.place, language))
    if event.organiser:
        yield _text("CONTACT", publication.words(event.organiser, language))
    if event.body:
        yield _text("DESCRIPTION", publication.words(event.body, language))
    if event.link:
        yield f"ATTACH:{uri(event.link)}"


def _stamp(entry: Entry, event: Event) -> date:
    """The day of the last change; the first day of the event, which stays the same, where nothing says it."""
    return max(entry.updated.values(), default=event.updated or event.start)


def _text(name: str, words: Words) -> str:
    return f"{name};LANGUAGE={words.language}:{escaped(words.text)}"


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")
