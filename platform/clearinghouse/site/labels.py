"""What readers are shown for the values that records take from fixed lists: English texts, to be translated.

Each text stands for itself, so that a translator needs no more than it: a law is "Law" as a document, and
"Environmental law" as an expert's field, since other languages have two words.
"""

from collections.abc import Mapping

from clearinghouse.site.menu import N_

_SECTIONS: Mapping[str, str] = {
    "home": N_("Home"),
    "about": N_("About the clearing-house"),
    "country": N_("Country profile"),
    "biodiversity": N_("Biodiversity"),
    "protected-areas": N_("Protected areas"),
    "focal-points": N_("National focal points"),
    "who": N_("Who's who"),
    "nbsap": N_("Strategy and action plan"),
    "targets": N_("National targets"),
    "reports": N_("National reports"),
    "legislation": N_("Legislation"),
    "projects": N_("Projects"),
    "funding": N_("Funding"),
    "science": N_("Science and research"),
    "cooperation": N_("Cooperation"),
    "biosafety": N_("Biosafety"),
    "abs": N_("Access and benefit-sharing"),
    "library": N_("Library"),
    "news": N_("News"),
    "events": N_("Events"),
    "education": N_("Education and awareness"),
    "links": N_("Links"),
    "glossary": N_("Glossary"),
    "contact": N_("Contact"),
    "legal": N_("Legal notice"),
    "privacy": N_("Privacy"),
    "accessibility": N_("Accessibility"),
    "sitemap": N_("Site map"),
    "search": N_("Search"),
}

_FOLDERS: Mapping[str, str] = {
    "pages": N_("Pages"),
    "focal-points": N_("National focal points"),
    "organisations": N_("Organisations"),
    "experts": N_("Experts"),
    "nbsap": N_("Strategies and action plans"),
    "targets": N_("National targets"),
    "reports": N_("National reports"),
    "legislation": N_("Laws and regulations"),
    "protected-areas": N_("Protected areas"),
    "species": N_("Species in figures"),
    "ecosystems": N_("Ecosystems"),
    "projects": N_("Projects"),
    "funding": N_("Funding sources"),
    "documents": N_("Documents"),
    "news": N_("News"),
    "events": N_("Events"),
    "links": N_("Links"),
    "learning": N_("Learning resources"),
    "glossary": N_("Terms"),
    "faq": N_("Frequently asked questions"),
    "biosafety": N_("Biosafety records"),
    "abs": N_("Access and benefit-sharing records"),
    "offers": N_("Offers"),
    "needs": N_("Needs"),
}

_HELP: Mapping[str, str] = {
    "training": N_("Training"),
    "expertise": N_("Expertise"),
    "equipment": N_("Equipment"),
    "funding": N_("Funding"),
    "data": N_("Data"),
    "technology": N_("Technology"),
}

LABELS: Mapping[str, Mapping[str, str]] = {
    "section": _SECTIONS,
    "folder": _FOLDERS,
    "AbsRecord.kind": {
        "permit": N_("Permit"),
        "authority": N_("Competent authority"),
        "checkpoint": N_("Checkpoint"),
        "law": N_("Law"),
        "protocol": N_("Community protocol"),
        "clause": N_("Model contractual clause"),
        "guidance": N_("Guidance"),
    },
    "Alignment.degree": {"high": N_("high"), "medium": N_("medium"), "low": N_("low")},
    "BiosafetyRecord.kind": {
        "decision": N_("Decision"),
        "risk-assessment": N_("Risk assessment"),
        "authority": N_("Competent authority"),
        "law": N_("Law"),
        "capacity": N_("Capacity-building"),
        "guidance": N_("Guidance"),
    },
    "Document.type": {
        "report": N_("Report"),
        "strategy": N_("Strategy or plan"),
        "law": N_("Law"),
        "study": N_("Study"),
        "guide": N_("Guide"),
        "leaflet": N_("Leaflet"),
        "map": N_("Map"),
        "dataset": N_("Dataset"),
        "presentation": N_("Presentation"),
        "thesis": N_("Thesis"),
        "newsletter": N_("Newsletter"),
        "other": N_("Other document"),
    },
    "Expert.type": {
        "taxonomy": N_("Taxonomy"),
        "ecology": N_("Ecology"),
        "law": N_("Environmental law"),
        "economics": N_("Environmental economics"),
        "education": N_("Environmental education"),
        "genetics": N_("Genetics"),
        "data": N_("Biodiversity data"),
        "other": N_("Other field"),
    },
    "FocalPoint.role": {
        "cbd": N_("Focal point for the Convention on Biological Diversity"),
        "chm": N_("Focal point for the clearing-house mechanism"),
        "sbstta": N_("Focal point for scientific and technical advice (SBSTTA)"),
        "cartagena": N_("Focal point for the Cartagena Protocol on Biosafety"),
        "bch": N_("Focal point for the Biosafety Clearing-House"),
        "nagoya": N_("Focal point for the Nagoya Protocol on Access and Benefit-sharing"),
        "abs-ch": N_("Focal point for the Access and Benefit-sharing Clearing-House"),
        "protected-areas": N_("Focal point for protected areas"),
        "resource-mobilisation": N_("Focal point for resource mobilisation"),
        "gspc": N_("Focal point for the Global Strategy for Plant Conservation"),
    },
    "FundingSource.type": {
        "multilateral": N_("Multilateral fund"),
        "bilateral": N_("Bilateral donor"),
        "foundation": N_("Foundation"),
        "national": N_("National fund"),
        "private": N_("Private sector"),
    },
    "Law.kind": {
        "constitution": N_("Constitution"),
        "law": N_("Law"),
        "decree": N_("Decree"),
        "order": N_("Ministerial order"),
        "regulation": N_("Regulation"),
        "policy": N_("Policy document"),
        "treaty": N_("International treaty"),
    },
    "Law.status": {
        "in-force": N_("In force"),
        "draft": N_("Draft"),
        "amended": N_("Amended"),
        "repealed": N_("Repealed"),
    },
    "LearningResource.audience": {
        "children": N_("Children"),
        "schools": N_("Schools"),
        "students": N_("Students"),
        "professionals": N_("Professionals"),
        "public": N_("General public"),
    },
    "LearningResource.type": {
        "course": N_("Course"),
        "video": N_("Video"),
        "lesson": N_("Lesson"),
        "game": N_("Game"),
        "poster": N_("Poster"),
        "kit": N_("Teaching kit"),
    },
    "Link.group": {
        "convention": N_("The Convention and its Protocols"),
        "national": N_("In this country"),
        "regional": N_("In the region"),
        "data": N_("Data and knowledge"),
        "organisations": N_("Organisations"),
    },
    "NationalTarget.progress": {
        "achieved": N_("Achieved"),
        "on-track": N_("On track"),
        "some-progress": N_("Some progress, but too slow"),
        "no-change": N_("No significant change"),
        "unknown": N_("Not known"),
    },
    "Nbsap.status": {
        "draft": N_("Draft"),
        "adopted": N_("Adopted"),
        "under-revision": N_("Under revision"),
        "superseded": N_("Superseded"),
    },
    "Need.kind": _HELP,
    "Offer.kind": _HELP,
    "Organisation.type": {
        "government": N_("Government body"),
        "research": N_("Research institute"),
        "university": N_("University"),
        "ngo": N_("Non-governmental organisation"),
        "international": N_("International organisation"),
        "community": N_("Indigenous people or local community"),
        "private": N_("Private sector"),
    },
    "Project.status": {
        "planned": N_("Planned"),
        "running": N_("Under way"),
        "finished": N_("Finished"),
    },
    "ProtectedArea.category": {
        "Ia": N_("Ia – Strict nature reserve"),
        "Ib": N_("Ib – Wilderness area"),
        "II": N_("II – National park"),
        "III": N_("III – Natural monument or feature"),
        "IV": N_("IV – Habitat or species management area"),
        "V": N_("V – Protected landscape or seascape"),
        "VI": N_("VI – Protected area with sustainable use of natural resources"),
    },
    "Report.under": {
        "convention": N_("Convention on Biological Diversity"),
        "cartagena": N_("Cartagena Protocol on Biosafety"),
        "nagoya": N_("Nagoya Protocol on Access and Benefit-sharing"),
    },
}
"""By vocabulary (`section`, `folder`, or a model and its field: `Report.under`), then by value.

Themes are not here, since the package has their names in several languages: `vocabulary.themes()`.
IUCN's categories are those of its guidelines of 2008.
"""


def label(vocabulary: str, value: str) -> str:
    """The English text for a value, the one that catalogues of translations go by.

    Args:
        vocabulary: a key of LABELS.
        value: one of that vocabulary.

    Raises:
        KeyError: there is no such vocabulary, or no such value in it.
    """
    return LABELS[vocabulary][value]
