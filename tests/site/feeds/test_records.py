"""Records as JSON."""

import json
from dataclasses import replace
from typing import Any

from clearinghouse.site.feeds.records import records
from clearinghouse.site.seen import Seen
from tests.site.feeds.samples import a_publication, an_entry

MADE = dict(records(a_publication(), Seen(forgets=True)))


def _one(path: str, slug: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(MADE[path])["records"]
    return next(record for record in found if record["id"] == slug)


def test_there_is_a_file_for_every_language_and_type_with_records() -> None:
    folders = a_publication().content.entries
    assert set(MADE) == {f"{tag}/records/{folder}.json" for tag in ("fr", "en", "ar") for folder in folders}


def test_texts_are_in_the_language_of_the_file_and_others_are_named() -> None:
    assert _one("en/records/documents.json", "atlas")["fields"]["title"] == "Atlas of forests"
    assert _one("en/records/documents.json", "atlas")["fallback"] == {"summary": "fr"}
    assert _one("fr/records/documents.json", "atlas")["fallback"] == {}


def test_texts_within_lists_and_values_fall_back_too() -> None:
    target = _one("en/records/targets.json", "target-1")
    assert target["fields"]["indicators"] == ["Area", "Nombre"]
    assert target["fallback"] == {"title": "fr", "description": "fr", "indicators.1": "fr"}
    news = _one("en/records/news.json", "day")
    assert news["fields"]["picture"] == {"file": "tree.jpg", "alternative": "Un arbre"}
    assert news["fallback"] == {"picture.alternative": "fr"}


def test_numbers_are_numbers_and_days_are_written_out() -> None:
    assert _one("fr/records/projects.json", "mangroves")["fields"]["budget"] == 1000000
    assert _one("fr/records/protected-areas.json", "pendjari")["fields"]["area"] == 2755.5
    assert _one("fr/records/events.json", "workshop")["fields"]["start"] == "2026-12-01"


def test_files_are_all_there_with_their_whole_address() -> None:
    files = _one("ar/records/documents.json", "birds")["fields"]["files"]
    address = "https://bj.chm.example.org/files/birds.csv"
    assert files == [{"language": "fr", "address": address, "type": "text/csv", "bytes": 512}]


def test_a_translation_older_than_its_source_is_marked() -> None:
    assert _one("en/records/documents.json", "atlas")["outdated"]
    assert not _one("fr/records/documents.json", "atlas")["outdated"]


def test_consent_is_not_told_and_mail_addresses_are_as_they_are() -> None:
    fields = _one("fr/records/focal-points.json", "awa")["fields"]
    assert "consent" not in fields
    assert fields["emails"] == ["awa@example.org"]


def test_what_is_not_given_is_left_out() -> None:
    assert set(_one("fr/records/organisations.json", "office")["fields"]) == {
        "name",
        "type",
        "city",
        "country",
    }


def test_the_introduction_of_a_section_has_the_address_of_the_section() -> None:
    assert _one("en/records/pages.json", "about")["address"] == "https://bj.chm.example.org/en/about/"


def test_what_was_written_before_is_used_again_only_of_records_that_are_the_same() -> None:
    seen, before = Seen(), a_publication()
    list(records(before, seen))
    old = before.content.of("news")[0]
    new = an_entry("news", old.slug, title={"fr": "Autrement"}, date="2026-05-22", body={"fr": "Texte."})
    for after in (
        replace(before, address="https://elsewhere.example.org"),
        replace(before, content=replace(before.content, sizes={"birds.csv": 513})),
        replace(before, content=replace(before.content, entries={**before.content.entries, "news": (new,)})),
    ):
        assert dict(records(after, seen)) == dict(records(after, Seen(forgets=True))) != MADE
