"""The types of records: the name of each one's folder, its model, and the section that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from clearinghouse.site.model.cooperation import FundingSource, Need, Offer, Project
from clearinghouse.site.model.country import FocalPoint
from clearinghouse.site.model.journal import Event, News
from clearinghouse.site.model.library import (
    AbsRecord,
    BiosafetyRecord,
    Document,
    LearningResource,
    Link,
    Question,
    Term,
)
from clearinghouse.site.model.nature import Ecosystem, ProtectedArea, SpeciesFigure
from clearinghouse.site.model.page import Page, Section
from clearinghouse.site.model.people import Expert, Organisation
from clearinghouse.site.model.policy import Law, NationalTarget, Nbsap, Report
from clearinghouse.site.model.record import Record


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of records.

    Attributes:
        folder: the folder in stacks/<code>/ that holds them.
        model: what they are.
        section: the section that shows them; of pages each says its own.
        has_pages: whether each record has a page of its own.
    """

    folder: str
    model: type[Record]
    section: Section
    has_pages: bool = False


KINDS: Mapping[str, Kind] = {
    kind.folder: kind
    for kind in (
        Kind("pages", Page, "about", has_pages=True),
        Kind("focal-points", FocalPoint, "focal-points"),
        Kind("organisations", Organisation, "who", has_pages=True),
        Kind("experts", Expert, "who"),
        Kind("nbsap", Nbsap, "nbsap", has_pages=True),
        Kind("targets", NationalTarget, "targets", has_pages=True),
        Kind("reports", Report, "reports", has_pages=True),
        Kind("legislation", Law, "legislation", has_pages=True),
        Kind("protected-areas", ProtectedArea, "protected-areas", has_pages=True),
        Kind("species", SpeciesFigure, "biodiversity"),
        Kind("ecosystems", Ecosystem, "biodiversity"),
        Kind("projects", Project, "projects", has_pages=True),
        Kind("funding", FundingSource, "funding"),
        Kind("documents", Document, "library", has_pages=True),
        Kind("news", News, "news", has_pages=True),
        Kind("events", Event, "events", has_pages=True),
        Kind("links", Link, "links"),
        Kind("learning", LearningResource, "education"),
        Kind("glossary", Term, "glossary"),
        Kind("faq", Question, "about"),
        Kind("biosafety", BiosafetyRecord, "biosafety"),
        Kind("abs", AbsRecord, "abs"),
        Kind("offers", Offer, "cooperation"),
        Kind("needs", Need, "cooperation"),
    )
}
