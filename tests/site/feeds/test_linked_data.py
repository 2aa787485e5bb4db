"""What pages are about, read by rdflib."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Literal, URIRef

from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.linked_data import linked_data
from clearinghouse.site.pictures import Variant, Variants
from tests.site.feeds.engines import schema_org
from tests.site.feeds.samples import ADDRESS, LANGUAGES, a_publication, an_entry, the_entry

PUBLICATION = a_publication()
ENTRIES = PUBLICATION.content.all


def _about(folder: str, slug: str, language: str = "en") -> dict[str, Any]:
    entry = the_entry(PUBLICATION, folder, slug)
    said: dict[str, Any] = json.loads(linked_data(PUBLICATION, entry, language))
    return said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{entry.kind.folder}-{entry.slug}" for entry in ENTRIES])
def test_every_entry_is_something_at_its_address(entry: Entry, language: str) -> None:
    made = schema_org(linked_data(PUBLICATION, entry, language))
    address = URIRef(PUBLICATION.page(entry, language))
    about = next(made.subjects(URIRef("https://schema.org/url"), Literal(str(address))))
    assert str(about).startswith(str(address))
    assert len(list(made.objects(about, RDF.type))) == 1
    assert len(list(made.objects(about, URIRef("https://schema.org/name")))) == 1


def test_the_home_page_is_a_site_of_an_institution() -> None:
    site, institution = json.loads(linked_data(PUBLICATION, None, "en"))["@graph"]
    assert (site["@type"], site["name"], site["inLanguage"]) == ("WebSite", "Benin", ["fr", "en", "ar"])
    assert site["publisher"]["@id"] == institution["@id"]
    assert institution["@type"] == "GovernmentOrganization"
    assert institution["name"] == "Ministry of the living environment"


@pytest.mark.parametrize(
    ("folder", "slug", "kind"),
    [
        ("pages", "about", "AboutPage"),
        ("news", "day", "NewsArticle"),
        ("events", "workshop", "Event"),
        ("documents", "atlas", "Report"),
        ("documents", "birds", "Dataset"),
        ("documents", "leaflet", "CreativeWork"),
        ("nbsap", "nbsap-2", "Report"),
        ("reports", "report-6", "Report"),
        ("legislation", "law-1", "Legislation"),
        ("targets", "target-1", "CreativeWork"),
        ("protected-areas", "pendjari", "Place"),
        ("organisations", "herbarium", "CollegeOrUniversity"),
        ("organisations", "office", "Organization"),
        ("projects", "mangroves", "Project"),
    ],
)
def test_each_type_has_its_class(folder: str, slug: str, kind: str) -> None:
    assert _about(folder, slug)["@type"] == kind


def test_a_text_in_another_language_than_the_page_says_so() -> None:
    assert _about("news", "day", "fr")["headline"] == "Journée de la biodiversité"
    assert _about("news", "older")["headline"] == {"@value": "Avant", "@language": "fr"}


def test_news_with_a_picture_says_where_it_is_and_what_is_on_it() -> None:
    told = {"alternative": {"fr": "Un arbre", "en": "A tree"}, "credit": {"fr": "A. Exemple"}}
    fields = {"title": {"fr": "Arbre"}, "date": date(2026, 6, 1), "body": {"fr": "Texte"}}
    entry = an_entry("news", "tree", **fields, picture={"file": "tree.jpg", **told})
    made = [
        Variant(Path(name), name, kind, 960, 540, 9)
        for name, kind in (("tree-1-960.webp", "image/webp"), ("tree-1-960.jpg", "image/jpeg"))
    ]
    publication = replace(PUBLICATION, pictures={"tree.jpg": Variants(1200, 675, tuple(made))})
    image = json.loads(linked_data(publication, entry, "en"))["image"]
    assert image["url"] == image["contentUrl"] == f"{ADDRESS}/images/tree-1-960.jpg"
    assert (image["width"], image["height"], image["caption"]) == (960, 540, "A tree")
    assert image["creditText"] == {"@value": "A. Exemple", "@language": "fr"}


def test_news_without_a_picture_claims_none() -> None:
    assert "image" not in _about("news", "day")


def test_an_event_says_when_where_and_by_whom() -> None:
    event = _about("events", "workshop", "fr")
    assert (event["startDate"], event["endDate"]) == ("2026-12-01", "2026-12-03")
    assert event["location"]["name"] == "Cotonou, salle A"
    assert event["organizer"]["name"] == "Ministère"


def test_a_protected_area_says_where_it_is_only_where_that_is_known() -> None:
    assert _about("protected-areas", "pendjari")["geo"]["latitude"] == 11.05
    assert "geo" not in _about("protected-areas", "unplaced")


def test_what_changed_last_is_said_only_where_somebody_said_it() -> None:
    assert _about("documents", "atlas")["dateModified"] == "2021-07-01"
    assert "dateModified" not in _about("targets", "target-1")
