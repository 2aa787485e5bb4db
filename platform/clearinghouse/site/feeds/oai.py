"""The library for harvesters: an OAI-PMH static repository.

Specification for an OAI Static Repository, 2004-04-23, with records as oai_dc (OAI-PMH 2.0, section 2.5).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from xml.etree.ElementTree import Element

from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.attachments import attachments
from clearinghouse.site.feeds.context import Publication, subjects
from clearinghouse.site.feeds.dcmi_type import dcmi_type
from clearinghouse.site.feeds.xml import element, said, written
from clearinghouse.site.model.library import Document
from clearinghouse.site.texts import uri
from clearinghouse.site.words import Words

_OAI = "http://www.openarchives.org/OAI/2.0"


def oai(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """`oai.xml`; none without documents, or without anybody to write to: the format demands both."""
    mail = _mail(publication)
    documents = publication.content.of("documents")
    if documents and mail:
        yield "oai.xml", written(_repository(publication, documents, mail))


def _mail(publication: Publication) -> str | None:
    """The site's address for readers, or that of a person of the partner who agreed to be named."""
    named = (contact.email for contact in publication.content.partner.contacts if contact.consent)
    return publication.content.site.contact or next(named, None)


def _repository(publication: Publication, documents: Iterable[Entry], mail: str) -> Element:
    days = [_day(publication, entry) for entry in documents]
    records = (_record(publication, entry, day) for entry, day in zip(documents, days, strict=True))
    space = f"{_OAI}/static-repository"
    return element(
        "Repository",
        _identify(publication, min(days), mail),
        _formats(),
        element("ListRecords", *records, metadataPrefix="oai_dc"),
        **{"xmlns": space, "xmlns:oai": f"{_OAI}/", "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"},
        **{"xsi:schemaLocation": f"{space} {space}.xsd"},
    )


def _identify(publication: Publication, earliest: date, mail: str) -> Element:
    """Who it is. A gateway puts its own base URL in the place of ours when it takes the repository on."""
    return element(
        "Identify",
        element("oai:repositoryName", publication.name(publication.content.main).text),
        element("oai:baseURL", publication.at("oai.xml")),
        element("oai:protocolVersion", "2.0"),
        element("oai:adminEmail", mail),
        element("oai:earliestDatestamp", earliest.isoformat()),
        element("oai:deletedRecord", "no"),
        element("oai:granularity", "YYYY-MM-DD"),
    )


def _formats() -> Element:
    one = element(
        "oai:metadataFormat",
        element("oai:metadataPrefix", "oai_dc"),
        element("oai:schema", f"{_OAI}/oai_dc.xsd"),
        element("oai:metadataNamespace", f"{_OAI}/oai_dc/"),
    )
    return element("ListMetadataFormats", one)


def _record(publication: Publication, entry: Entry, day: date) -> Element:
    header = element(
        "oai:header",
        element("oai:identifier", f"oai:{publication.domain}:documents/{entry.slug}"),
        element("oai:datestamp", day.isoformat()),
    )
    spaces = {"xmlns:oai_dc": f"{_OAI}/oai_dc/", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}
    where = {"xsi:schemaLocation": f"{_OAI}/oai_dc/ {_OAI}/oai_dc.xsd"}
    described = element("oai_dc:dc", *_dublin_core(publication, entry), **spaces, **where)
    return element("oai:record", header, element("oai:metadata", described))


def _day(publication: Publication, entry: Entry) -> date:
    """The record's datestamp: the last change in any language."""
    main = publication.changed(entry, publication.content.main)
    return max(entry.updated.values(), default=main)


def _dublin_core(publication: Publication, entry: Entry) -> Iterator[Element]:
    document = entry.record
    if not isinstance(document, Document):
        return
    yield from _texts("dc:title", document.title.items())
    yield from (element("dc:creator", author) for author in document.authors)
    yield from (element("dc:subject", subject) for subject in subjects(entry))
    yield from _texts("dc:description", (document.summary or {}).items())
    if document.publisher:
        yield element("dc:publisher", document.publisher)
    else:
        yield said("dc:publisher", publication.institution(publication.content.main))
    yield element("dc:date", document.date.isoformat())
    if kind := dcmi_type(document.type):
        yield element("dc:type", kind)
    yield from _places(publication, entry, document)
    yield from (element("dc:language", language) for language in document.languages)
    if document.rights:
        yield element("dc:rights", document.rights)


def _places(publication: Publication, entry: Entry, document: Document) -> Iterator[Element]:
    """What the files are, and where everything is; the page comes first."""
    files = attachments(publication, document)
    yield from (element("dc:format", kind) for kind in sorted({file.media_type for file in files}))
    yield element("dc:identifier", publication.page(entry, publication.content.main))
    yield from (element("dc:identifier", file.address) for file in files)
    if document.link:
        yield element("dc:identifier", uri(document.link))


def _texts(name: str, texts: Iterable[tuple[str, str]]) -> Iterator[Element]:
    return (said(name, Words(text, language)) for language, text in sorted(texts))
