"""What a page is about, in the terms of schema.org: the classes and properties of each type of record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.attachments import attachments
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.model.cooperation import Project
from clearinghouse.site.model.journal import Event, News
from clearinghouse.site.model.library import Document
from clearinghouse.site.model.nature import ProtectedArea
from clearinghouse.site.model.page import Page, Picture
from clearinghouse.site.model.people import Organisation
from clearinghouse.site.model.policy import Law, NationalTarget, Nbsap, Report
from clearinghouse.site.model.record import Record
from clearinghouse.site.texts import uri
from clearinghouse.site.words import Words

Thing = dict[str, Any]
Of = TypeVar("Of", bound=Record)

_DOCUMENTS = {
    "report": "Report",
    "study": "Report",
    "thesis": "Thesis",
    "law": "Legislation",
    "map": "Map",
    "dataset": "Dataset",
    "presentation": "PresentationDigitalDocument",
}
_ORGANISATIONS = {
    "government": "GovernmentOrganization",
    "research": "ResearchOrganization",
    "university": "CollegeOrUniversity",
    "ngo": "NGO",
}
_LEGAL_FORCE = {"in-force": "InForce", "amended": "PartiallyInForce", "repealed": "NotInForce"}


def told(words: Words, language: str) -> str | dict[str, str]:
    """Words on a page of a language: plain, or with their own language where it is another."""
    if words.language == language:
        return words.text
    return {"@value": words.text, "@language": words.language}


def text(publication: Publication, said: Mapping[str, str] | None, language: str) -> Any:
    """A text that may be missing."""
    return told(publication.words(said, language), language) if said else None


def thing(publication: Publication, entry: Entry, language: str) -> Thing:
    """The class of what an entry is about, and what its own type has to say; without what is not known."""
    makers: Mapping[type[Record], Callable[[Publication, Any, str], Thing]] = {
        News: _news,
        Event: _event,
        Document: _document,
        Report: _report,
        Nbsap: _nbsap,
        Law: _law,
        NationalTarget: _target,
        ProtectedArea: _protected_area,
        Organisation: _organisation,
        Project: _project,
        Page: _page,
    }
    make = makers.get(type(entry.record))
    return known(make(publication, entry.record, language)) if make else {"@type": "WebPage"}


def known(thing: Thing) -> Thing:
    """A thing without properties that have no value."""
    return {name: value for name, value in thing.items() if value not in (None, [], {})}


def is_work(thing: Thing) -> bool:
    """Whether somebody made it, so that it has a language, a publisher and a day of its last change."""
    return thing["@type"] not in {"Event", "Place", "Project", "Organization", *_ORGANISATIONS.values()}


def _news(publication: Publication, news: News, language: str) -> Thing:
    title = publication.words(news.title, language)
    return {
        "@type": "NewsArticle",
        "headline": told(title, language),
        "datePublished": news.date.isoformat(),
        "image": _image(publication, news.picture, language),
        "inLanguage": publication.words(news.body, language).language,
    }


def _event(publication: Publication, event: Event, language: str) -> Thing:
    place = text(publication, event.place, language)
    organiser = text(publication, event.organiser, language)
    online = {"@type": "VirtualLocation", "url": uri(event.link)} if event.link else None
    return {
        "@type": "Event",
        "startDate": event.start.isoformat(),
        "endDate": event.end.isoformat() if event.end else None,
        "location": {"@type": "Place", "name": place, "address": place} if place else online,
        "organizer": {"@type": "Organization", "name": organiser} if organiser else None,
    }


def _document(publication: Publication, document: Document, language: str) -> Thing:
    kind = _DOCUMENTS.get(document.type, "CreativeWork")
    files = _files(publication, document, "DataDownload" if kind == "Dataset" else "MediaObject")
    publisher = document.publisher
    return {
        "@type": kind,
        "author": [{"@type": "Person", "name": name} for name in document.authors],
        "datePublished": document.date.isoformat(),
        "inLanguage": list(document.languages),
        "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
        "copyrightNotice": document.rights,
        "sameAs": uri(document.link) if document.link else None,
        "distribution" if kind == "Dataset" else "encoding": files,
    }


def _report(publication: Publication, report: Report, _: str) -> Thing:
    return {
        "@type": "Report",
        "datePublished": report.date.isoformat(),
        "temporalCoverage": _interval(report.period),
        "inLanguage": sorted(report.files),
        "encoding": _files(publication, report),
    }


def _nbsap(publication: Publication, nbsap: Nbsap, _: str) -> Thing:
    return {
        "@type": "Report",
        "datePublished": nbsap.adopted.isoformat() if nbsap.adopted else None,
        "temporalCoverage": _interval(nbsap.period),
        "inLanguage": sorted(nbsap.files),
        "encoding": _files(publication, nbsap),
    }


def _law(publication: Publication, law: Law, _: str) -> Thing:
    force = _LEGAL_FORCE.get(law.status or "")
    return {
        "@type": "Legislation",
        "legislationType": law.kind,
        "legislationDate": law.date.isoformat() if law.date else None,
        "legislationLegalForce": {"@id": f"https://schema.org/{force}"} if force else None,
        "legislationJurisdiction": _country(publication),
        "inLanguage": sorted(law.files or ()),
        "sameAs": uri(law.link) if law.link else None,
        "encoding": _files(publication, law),
    }


def _target(publication: Publication, target: NationalTarget, language: str) -> Thing:
    return {
        "@type": "CreativeWork",
        "inLanguage": publication.words(target.description, language).language,
        "about": [
            {"@id": f"https://www.cbd.int/gbf/targets/{number}"}
            for number in sorted({alignment.target for alignment in target.alignment})
        ],
    }


def _protected_area(publication: Publication, area: ProtectedArea, _: str) -> Thing:
    return {
        "@type": "Place",
        "containedInPlace": _country(publication),
        "geo": _geo(area),
        "sameAs": uri(area.link) if area.link else None,
    }


def _organisation(publication: Publication, organisation: Organisation, language: str) -> Thing:
    address = {
        "@type": "PostalAddress",
        "streetAddress": text(publication, organisation.address, language),
        "addressLocality": text(publication, organisation.city, language),
        "addressCountry": organisation.country,
    }
    return {
        "@type": _ORGANISATIONS.get(organisation.type, "Organization"),
        "alternateName": organisation.acronym,
        "description": text(publication, organisation.areas, language),
        "address": known(address),
        "email": list(organisation.emails),
        "telephone": list(organisation.phones),
        "sameAs": [uri(website) for website in organisation.websites],
        "location": known({"@type": "Place", "geo": _geo(organisation)}) if _geo(organisation) else None,
    }


def _project(publication: Publication, project: Project, language: str) -> Thing:
    partners = (text(publication, partner, language) for partner in project.partners)
    funder = text(publication, project.funder, language)
    return {
        "@type": "Project",
        "foundingDate": project.start.isoformat() if project.start else None,
        "dissolutionDate": project.end.isoformat() if project.end else None,
        "member": _organisations(partners),
        "funder": {"@type": "Organization", "name": funder} if funder else None,
        "sameAs": uri(project.link) if project.link else None,
    }


def _page(publication: Publication, page: Page, language: str) -> Thing:
    return {
        "@type": "AboutPage" if page.section == "about" else "WebPage",
        "inLanguage": publication.words(page.body, language).language,
        "isBasedOn": uri(page.source) if page.source else None,
        "image": _image(publication, page.picture, language),
    }


def _image(publication: Publication, picture: Picture | None, language: str) -> Thing | None:
    """A picture as it is for browsers that know no other type; None where it was not made."""
    if picture is None or picture.file not in publication.pictures:
        return None
    file = publication.pictures[picture.file].fallback
    address = publication.at(f"images/{file.name}")
    return known(
        {
            "@type": "ImageObject",
            "url": address,
            "contentUrl": address,
            "width": file.width,
            "height": file.height,
            "caption": text(publication, picture.alternative, language),
            "creditText": text(publication, picture.credit, language),
        }
    )


def _files(publication: Publication, record: Record, kind: str = "MediaObject") -> list[Thing]:
    return [
        known(
            {
                "@type": kind,
                "contentUrl": file.address,
                "encodingFormat": file.media_type,
                "contentSize": None if file.size is None else str(file.size),
                "inLanguage": file.language,
            }
        )
        for file in attachments(publication, record)
    ]


def _organisations(names: Iterable[Any]) -> list[Thing]:
    return [{"@type": "Organization", "name": name} for name in names]


def _country(publication: Publication) -> Thing:
    """The country by its code, which is the same in every language."""
    return {"@type": "Country", "identifier": publication.content.country.code}


def _geo(record: ProtectedArea | Organisation) -> Thing | None:
    if record.latitude is None or record.longitude is None:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": float(record.latitude),
        "longitude": float(record.longitude),
    }


def _interval(period: str) -> str:
    """Years as schema.org writes them, `2014/2018` (ISO 8601)."""
    return period.replace("-", "/")
