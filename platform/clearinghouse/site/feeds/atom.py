"""Atom feeds (RFC 4287): news, events and the library, and all of them with strategies, reports and laws."""

from collections.abc import Iterable, Iterator
from datetime import date
from xml.etree.ElementTree import Element

from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.attachments import attachments
from clearinghouse.site.feeds.context import Publication, published, subjects
from clearinghouse.site.feeds.xml import element, said, written
from clearinghouse.site.words import Words

MOST_ENTRIES = 50
"""A feed says what is new; the newest are enough, and it stays light."""

_BY_SECTION = {"news": ("news",), "events": ("events",), "library": ("documents",)}
_EVERYTHING = ("news", "events", "documents", "nbsap", "reports", "legislation")


def atom(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """The feeds of every language: `fr/atom.xml`, and where there are entries `fr/news/atom.xml` …"""
    for language in publication.languages:
        for section, folders in _BY_SECTION.items():
            if any(publication.content.of(folder) for folder in folders):
                place = f"{language}/{section}/"
                yield f"{place}atom.xml", _feed(publication, language, section, folders)
        yield f"{language}/atom.xml", _feed(publication, language, None, _EVERYTHING)


def _feed(publication: Publication, language: str, section: str | None, folders: Iterable[str]) -> bytes:
    entries = _newest(publication, language, folders)
    changes = [publication.changed(entry, language) for entry in entries]
    root = element(
        "feed",
        *_head(publication, language, section, max(changes, default=publication.day)),
        *(_entry(publication, entry, language) for entry in entries),
        **{"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language},
    )
    return written(root)


def _newest(publication: Publication, language: str, folders: Iterable[str]) -> list[Entry]:
    """The newest first; those of one day by their place."""

    def age(entry: Entry) -> tuple[int, str]:
        day = published(entry) or publication.changed(entry, language)
        return (-day.toordinal(), entry.path)

    there = [entry for folder in folders for entry in publication.content.of(folder)]
    return sorted(there, key=age)[:MOST_ENTRIES]


def _head(publication: Publication, language: str, section: str | None, changed: date) -> Iterator[Element]:
    site = publication.content.site
    page = f"{language}/{section}/" if section else f"{language}/"
    yield element("id", publication.at(f"{page}atom.xml"))
    yield said("title", _title(publication, language, section))
    if site.slogan:
        yield said("subtitle", publication.words(site.slogan, language))
    yield element("updated", _moment(changed))
    yield element("author", said("name", publication.institution(language)))
    own = {"rel": "self", "type": "application/atom+xml"}
    yield element("link", href=publication.at(f"{page}atom.xml"), **own)
    yield element("link", rel="alternate", type="text/html", hreflang=language, href=publication.at(page))
    if site.licence:
        yield said("rights", publication.words(site.licence.name, language))


def _title(publication: Publication, language: str, section: str | None) -> Words:
    """The country's name, and the section's where it is known in the language."""
    country = publication.name(language)
    name = publication.sections.get(language, {}).get(section or "")
    return Words(f"{country.text} – {name}", language) if name else country


def _entry(publication: Publication, entry: Entry, language: str) -> Element:
    address = publication.page(entry, language)
    made = element("entry", element("id", address), said("title", publication.title(entry, language)))
    made.append(element("updated", _moment(publication.changed(entry, language))))
    if day := published(entry):
        made.append(element("published", _moment(day)))
    made.append(element("link", rel="alternate", type="text/html", hreflang=language, href=address))
    made.extend(_details(publication, entry, language))
    return made


def _details(publication: Publication, entry: Entry, language: str) -> Iterator[Element]:
    for author in entry.record.get("authors") or ():
        yield element("author", element("name", author))
    for file in attachments(publication, entry.record):
        length = {} if file.size is None else {"length": str(file.size)}
        where = {"href": file.address, "type": file.media_type, "hreflang": file.language}
        yield element("link", rel="enclosure", **where, **length)
    if summary := publication.summary(entry, language):
        yield said("summary", summary)
    for subject in subjects(entry):
        yield element("category", term=subject)
    if rights := entry.record.get("rights"):
        yield element("rights", rights)


def _moment(day: date) -> str:
    """A day as the moment it begins, in UTC (RFC 3339)."""
    return f"{day.isoformat()}T00:00:00Z"
