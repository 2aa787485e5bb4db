"""The library as a catalogue of data (DCAT 3, with what DCAT-AP 3 asks for besides)."""

from collections.abc import Iterable, Iterator, Mapping

from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.attachments import Attachment, attachments
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.feeds.dcmi_type import dcmi_type
from clearinghouse.site.feeds.rdf import Iri, Literal, Node, json_ld, turtle
from clearinghouse.site.model.library import Document

Property = tuple[str, Iri | Literal]

_LANGUAGES = "http://id.loc.gov/vocabulary"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types"


def dcat(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """`catalogue.jsonld` and `catalogue.ttl`, the same graph; none without documents."""
    nodes = tuple(_nodes(publication))
    if publication.content.of("documents"):
        yield "catalogue.jsonld", json_ld(nodes)
        yield "catalogue.ttl", turtle(nodes)


def dataset_address(publication: Publication, entry: Entry) -> str:
    """What a document is called in the catalogue: its page in the main language, and a fragment."""
    return f"{publication.page(entry, publication.content.main)}#document"


def _nodes(publication: Publication) -> Iterator[Node]:
    yield _catalogue(publication)
    yield from _people(publication)
    for entry in publication.content.of("documents"):
        if isinstance(entry.record, Document):
            yield from _dataset(publication, entry, entry.record)


def _catalogue(publication: Publication) -> Node:
    return Node(publication.at("catalogue.ttl#catalogue"), ("dcat:Catalog",), tuple(_about_all(publication)))


def _about_all(publication: Publication) -> Iterator[Property]:
    site, documents = publication.content.site, publication.content.of("documents")
    for language in publication.languages:
        yield "dct:language", Iri(_language(language))
    yield "foaf:homepage", Iri(publication.at(""))
    yield from _texts("dct:title", publication.content.partner.name)
    yield from _texts("dct:description", site.slogan or publication.content.partner.name)
    yield "dct:publisher", Iri(publication.at("catalogue.ttl#publisher"))
    yield "dct:spatial", Iri(publication.at("catalogue.ttl#country"))
    if site.licence and site.licence.address:
        yield "dct:license", Iri(site.licence.address)
    changes = [publication.changed(entry, publication.content.main) for entry in documents]
    yield "dct:modified", _day(max(changes, default=publication.day).isoformat())
    for entry in documents:
        yield "dcat:dataset", Iri(dataset_address(publication, entry))


def _people(publication: Publication) -> Iterator[Node]:
    """Who publishes the catalogue, for which country, and whom to write to."""
    content = publication.content
    names = content.site.institution or content.partner.name
    yield Node(publication.at("catalogue.ttl#publisher"), ("foaf:Agent",), tuple(_texts("foaf:name", names)))
    country = (*_texts("rdfs:label", content.country.name), ("dct:identifier", Literal(content.country.code)))
    yield Node(publication.at("catalogue.ttl#country"), ("dct:Location",), country)
    if content.site.contact:
        mail: Property = ("vcard:hasEmail", Iri(f"mailto:{content.site.contact}"))
        about = (*_texts("vcard:fn", names), mail)
        yield Node(publication.at("catalogue.ttl#contact"), ("vcard:Kind",), about)


def _dataset(publication: Publication, entry: Entry, document: Document) -> Iterator[Node]:
    """A document, those who made it, and its files or its place elsewhere."""
    address = dataset_address(publication, entry)
    files = attachments(publication, document)
    about = [*_about(publication, entry, document), *_facts(publication, entry, document)]
    about += [("dcat:distribution", Iri(place)) for place in _places(address, document, files)]
    yield Node(address, ("dcat:Dataset",), tuple(about))
    for number, author in enumerate(document.authors, 1):
        yield Node(f"{address}-author-{number}", ("foaf:Agent",), (("foaf:name", Literal(author)),))
    if document.publisher:
        name = ("foaf:name", Literal(document.publisher))
        yield Node(f"{address}-publisher", ("foaf:Agent",), (name,))
    if document.rights:
        label = ("rdfs:label", Literal(document.rights))
        yield Node(f"{address}-rights", ("dct:RightsStatement",), (label,))
    yield from _distributions(address, document, files)


def _about(publication: Publication, entry: Entry, document: Document) -> Iterator[Property]:
    """What it is and what it is about; its title stands in for a summary that nobody wrote."""
    yield from _texts("dct:title", document.title)
    yield from _texts("dct:description", document.summary or document.title)
    if kind := dcmi_type(document.type):
        yield "dct:type", Iri(f"http://purl.org/dc/dcmitype/{kind}")
    for theme in document.themes:
        yield "dcat:keyword", Literal(theme, "en")
    for target in document.targets:
        yield "dct:subject", Iri(f"https://www.cbd.int/gbf/targets/{target}")
    for language in publication.languages:
        yield "dcat:landingPage", Iri(publication.page(entry, language))


def _facts(publication: Publication, entry: Entry, document: Document) -> Iterator[Property]:
    """Who made it, when, in which languages, under which terms."""
    address = dataset_address(publication, entry)
    yield "dct:identifier", Literal(f"{publication.content.partner.partner}:documents/{entry.slug}")
    for number, _ in enumerate(document.authors, 1):
        yield "dct:creator", Iri(f"{address}-author-{number}")
    own = f"{address}-publisher" if document.publisher else publication.at("catalogue.ttl#publisher")
    yield "dct:publisher", Iri(own)
    yield "dct:issued", _day(document.date.isoformat())
    yield "dct:modified", _day(publication.changed(entry, publication.content.main).isoformat())
    for language in document.languages:
        yield "dct:language", Iri(_language(language))
    if document.rights:
        yield "dct:rights", Iri(f"{address}-rights")
    if publication.content.site.contact:
        yield "dcat:contactPoint", Iri(publication.at("catalogue.ttl#contact"))


def _places(address: str, document: Document, files: Iterable[Attachment]) -> Iterator[str]:
    yield from (f"{address}-{file.language}" for file in files)
    if document.link:
        yield f"{address}-link"


def _distributions(address: str, document: Document, files: Iterable[Attachment]) -> Iterator[Node]:
    for file in files:
        yield Node(
            f"{address}-{file.language}", ("dcat:Distribution",), tuple(_file(address, document, file))
        )
    if document.link:
        where = (("dcat:accessURL", Iri(document.link)),)
        yield Node(f"{address}-link", ("dcat:Distribution",), where)


def _file(address: str, document: Document, file: Attachment) -> Iterator[Property]:
    yield "dcat:accessURL", Iri(file.address)
    yield "dcat:downloadURL", Iri(file.address)
    yield "dcat:mediaType", Iri(f"{_MEDIA_TYPES}/{file.media_type}")
    yield "dct:language", Iri(_language(file.language))
    if file.size is not None:
        yield "dcat:byteSize", Literal(str(file.size), datatype="xsd:nonNegativeInteger")
    if document.rights:
        yield "dct:rights", Iri(f"{address}-rights")


def _texts(name: str, text: Mapping[str, str]) -> Iterator[Property]:
    """A text in all its languages."""
    return ((name, Literal(text[language], language)) for language in sorted(text))


def _language(tag: str) -> str:
    """The address of a language, by the code of ISO 639-1 or 639-2 (DCAT 3, 6.4.15)."""
    base = tag.split("-")[0]
    return f"{_LANGUAGES}/{'iso639-1' if len(base) == 2 else 'iso639-2'}/{base}"


def _day(day: str) -> Literal:
    return Literal(day, datatype="xsd:date")
