"""A country's content as values, for tests of what machines read."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from clearinghouse.declare.partner import Partner
from clearinghouse.site.content import Content, Entry
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.model.country import CountryFacts, SiteFacts
from clearinghouse.site.model.kinds import KINDS
from tests.plan.partners import a_partner

ADDRESS = "https://bj.chm.example.org"
DAY = date(2026, 11, 25)
LANGUAGES = ("fr", "en", "ar")
SECTIONS = {"fr": {"news": "Actualités", "reports": "Rapport national"}}

_FIELDS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "pages": {
        "about": {
            "title": {"fr": "À propos", "ar": "حول"},
            "section": "about",
            "body": {"fr": "Le **mécanisme**.", "ar": "الآلية"},
            "source": "https://www.cbd.int/chm/",
        }
    },
    "focal-points": {
        "awa": {
            "role": "cbd",
            "title": {"fr": "Directrice"},
            "name": "Awa Somebody",
            "organisation": {"fr": "Ministère", "en": "Ministry"},
            "country": "BJ",
            "emails": ["awa@example.org"],
            "phones": ["+229 21 30 00 00"],
            "consent": True,
            "review": "2027-01-01",
        }
    },
    "organisations": {
        "herbarium": {
            "name": {"fr": "Herbier national", "en": "National Herbarium"},
            "acronym": "HN",
            "type": "university",
            "city": {"fr": "Cotonou"},
            "country": "BJ",
            "emails": ["herbier@example.org"],
            "websites": ["https://herbier.example.org/é"],
            "areas": {"fr": "Botanique"},
            "latitude": 6.41,
            "longitude": 2.34,
        },
        "office": {"name": {"fr": "Office"}, "type": "private", "city": {"fr": "Parakou"}, "country": "BJ"},
    },
    "nbsap": {
        "nbsap-2": {
            "title": {"fr": "Stratégie et plan d’action", "en": "Strategy and action plan"},
            "period": "2011-2020",
            "adopted": "2012-05-04",
            "files": {"fr": "nbsap.pdf"},
        }
    },
    "targets": {
        "target-1": {
            "title": {"fr": "Forêts"},
            "description": {"fr": "Moins de perte."},
            "alignment": [{"target": 2, "degree": "high"}, {"target": 1, "degree": "low"}],
            "indicators": [{"fr": "Surface", "en": "Area"}, {"fr": "Nombre"}],
        }
    },
    "reports": {
        "report-6": {"number": 6, "period": "2014-2018", "date": "2019-03-01", "files": {"fr": "r6.pdf"}}
    },
    "legislation": {
        "law-1": {
            "title": {"fr": "Loi sur la faune"},
            "kind": "law",
            "date": "2002-10-18",
            "status": "in-force",
            "files": {"fr": "loi.pdf"},
            "link": "https://law.example.org/2002/16?a=1&b=2",
        }
    },
    "protected-areas": {
        "pendjari": {
            "name": {"fr": "Parc de la Pendjari", "en": "Pendjari Park", "ar": "حديقة بنجاري"},
            "category": "II",
            "area": 2755.5,
            "latitude": 11.05,
            "longitude": 1.52,
            "summary": {"fr": "Lions et éléphants."},
        },
        "unplaced": {"name": {"fr": "Une forêt"}},
    },
    "projects": {
        "mangroves": {
            "title": {"fr": "Mangroves"},
            "status": "running",
            "start": "2024-01-01",
            "partners": [{"fr": "Une ONG"}],
            "funder": {"fr": "Un fonds", "en": "A fund"},
            "budget": 1000000,
            "currency": "EUR",
            "targets": [2],
        }
    },
    "documents": {
        "atlas": {
            "title": {"fr": "Atlas des forêts", "en": "Atlas of forests"},
            "type": "study",
            "authors": ["Awa Somebody", "Koffi Quelqu’un"],
            "date": "2021-06-05",
            "languages": ["fr", "en"],
            "files": {"en": "atlas/atlas-en.PDF", "fr": "atlas/atlas-fr.pdf", "pt": "atlas/atlas-pt.pdf"},
            "summary": {"fr": "Toutes les forêts, avec cartes."},
            "publisher": "Université",
            "rights": "CC BY 4.0",
            "themes": ["forest"],
            "targets": [1, 3],
        },
        "birds": {
            "title": {"fr": "Données sur les oiseaux"},
            "type": "dataset",
            "authors": ["Un laboratoire"],
            "date": "2023-02-01",
            "languages": ["fr"],
            "files": {"fr": "birds.csv"},
            "link": "https://data.example.org/oiseaux/é?q=100%&x=[1]",
        },
        "leaflet": {
            "title": {"fr": "Dépliant"},
            "type": "other",
            "authors": ["Ministère"],
            "date": "1998-01-01",
            "languages": ["fon"],
            "link": "https://example.org/leaflet",
        },
    },
    "news": {
        "day": {
            "title": {"fr": "Journée de la biodiversité", "en": "Biodiversity day"},
            "date": "2026-05-22",
            "summary": {"fr": "On plante.", "en": "Trees are planted."},
            "body": {"fr": "Un *texte*.", "en": "A *text*."},
            "picture": {"file": "tree.jpg", "alternative": {"fr": "Un arbre"}},
            "themes": ["forest"],
        },
        "older": {"title": {"fr": "Avant"}, "date": "2020-01-01", "body": {"fr": "Texte."}},
    },
    "events": {
        "workshop": {
            "title": {"fr": "Atelier; première, deuxième partie", "en": "Workshop", "ar": "ورشة عمل"},
            "start": "2026-12-01",
            "end": "2026-12-03",
            "place": {"fr": "Cotonou, salle A"},
            "link": "https://meet.example.org/é",
            "organiser": {"fr": "Ministère"},
            "body": {"fr": "Premier jour.\n\nDeuxième jour."},
            "targets": [20],
        },
        "meeting": {"title": {"fr": "Réunion"}, "start": "2026-10-01"},
    },
}
_UPDATED: Mapping[str, Mapping[str, date]] = {
    "atlas": {"fr": date(2022, 1, 1), "en": date(2021, 7, 1)},
    "day": {"fr": date(2026, 5, 23), "en": date(2026, 5, 24)},
    "workshop": {"fr": date(2026, 9, 1)},
}
_SIZES = {"atlas/atlas-fr.pdf": 1_200_000, "birds.csv": 512}


def an_entry(folder: str, slug: str, **fields: Any) -> Entry:
    """A record of a type, validated as one from a file is."""
    record = KINDS[folder].model.model_validate(fields)
    return Entry(KINDS[folder], slug, record, Path(f"{slug}.yaml"), LANGUAGES, _UPDATED.get(slug, {}))


def all_entries() -> dict[str, tuple[Entry, ...]]:
    """A few records of each type that feeds have something to say about."""
    return {
        folder: tuple(an_entry(folder, slug, **fields) for slug, fields in records.items())
        for folder, records in _FIELDS.items()
    }


def the_partner(**changes: Any) -> Partner:
    """Benin, in three languages."""
    name = {"fr": "Bénin", "en": "Benin", "ar": "بنن"}
    declared = {"name": name, "languages": list(LANGUAGES), "tier": "standard-site", **changes}
    return a_partner("bj", **declared).model_copy(update={"site": None})


def the_site() -> SiteFacts:
    """What the site says of itself."""
    return SiteFacts.model_validate(
        {
            "slogan": {"fr": "Ensemble", "en": "Together"},
            "institution": {"fr": "Ministère du cadre de vie", "en": "Ministry of the living environment"},
            "licence": {
                "name": {"fr": "CC BY 4.0"},
                "address": "https://creativecommons.org/licenses/by/4.0/",
            },
            "contact": "chm@example.org",
            "address": {"fr": "01 BP 3502, Cotonou"},
        }
    )


def a_content(entries: Mapping[str, tuple[Entry, ...]] | None = None, **changes: Any) -> Content:
    """All of a partner's content, with some of its attributes changed."""
    attributes: dict[str, Any] = {
        "partner": the_partner(),
        "site": the_site(),
        "country": CountryFacts.model_validate({"name": {"fr": "Bénin", "en": "Benin"}, "code": "BJ"}),
        "entries": all_entries() if entries is None else entries,
        "folder": Path("stacks/bj"),
        "sizes": _SIZES,
    }
    return Content(**attributes | changes)


def a_publication(entries: Mapping[str, tuple[Entry, ...]] | None = None, **changes: Any) -> Publication:
    """The content at its address."""
    return Publication(a_content(entries, **changes), ADDRESS, DAY, SECTIONS)


def the_entry(publication: Publication, folder: str, slug: str) -> Entry:
    """One of the records."""
    return next(entry for entry in publication.content.of(folder) if entry.slug == slug)
