"""Atom feeds, read by feedparser and judged by a RELAX NG schema after RFC 4287."""

from datetime import date

import feedparser
import pytest
from lxml import etree

from clearinghouse.site.feeds.atom import MOST_ENTRIES, atom
from tests.site.feeds.engines import relax_ng, said, texts
from tests.site.feeds.samples import a_publication, an_entry

FEEDS = dict(atom(a_publication()))


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_is_what_the_rfc_asks_for(path: str) -> None:
    schema = relax_ng("atom.rng")
    assert schema.validate(etree.fromstring(FEEDS[path])), schema.error_log
    assert texts(FEEDS[path], "/atom:feed/atom:author/atom:name")
    for entry in etree.fromstring(FEEDS[path]).iter("{http://www.w3.org/2005/Atom}entry"):
        assert entry.xpath("count(*[local-name()='link'][@rel='alternate'])") == 1


def test_the_schema_refuses_a_feed_without_a_title() -> None:
    root = etree.fromstring(FEEDS["fr/atom.xml"])
    root.remove(root.find("{*}title"))
    assert not relax_ng("atom.rng").validate(root)


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_reader_has_no_complaint(path: str) -> None:
    read = feedparser.parse(FEEDS[path])
    assert not read.bozo
    assert read.version == "atom10"
    assert read.entries
    assert len({entry.id for entry in read.entries}) == len(read.entries)


def test_there_is_a_feed_of_each_language_for_news_events_library_and_all() -> None:
    kinds = ("news/", "events/", "library/", "")
    assert set(FEEDS) == {f"{language}/{kind}atom.xml" for language in ("fr", "en", "ar") for kind in kinds}


def test_the_newest_comes_first() -> None:
    read = feedparser.parse(FEEDS["fr/library/atom.xml"])
    assert [entry.link.split("/")[-2] for entry in read.entries] == ["birds", "atlas", "leaflet"]


def test_a_feed_is_as_old_as_its_last_change() -> None:
    assert texts(FEEDS["en/news/atom.xml"], "/atom:feed/atom:updated") == ["2026-05-24T00:00:00Z"]


def test_an_event_to_come_is_not_said_to_have_changed_in_the_future() -> None:
    event = an_entry("events", "later", title={"fr": "Plus tard"}, start="2027-05-01")
    feed = dict(atom(a_publication({"events": (event,)})))["fr/events/atom.xml"]
    assert texts(feed, "//atom:entry/atom:updated") == ["2026-11-25T00:00:00Z"]


def test_a_title_that_is_not_translated_says_its_language() -> None:
    titles = said(FEEDS["ar/events/atom.xml"], "//atom:entry/atom:title")
    assert set(titles) == {("ورشة عمل", "ar"), ("Réunion", "fr")}


def test_the_title_of_a_feed_names_the_country_and_the_section_where_that_is_known() -> None:
    assert said(FEEDS["fr/news/atom.xml"], "/atom:feed/atom:title") == [("Bénin – Actualités", "fr")]
    assert said(FEEDS["en/news/atom.xml"], "/atom:feed/atom:title") == [("Benin", "en")]


def test_a_document_brings_its_files_with_language_kind_and_size() -> None:
    read = feedparser.parse(FEEDS["en/library/atom.xml"])
    atlas = next(entry for entry in read.entries if entry.title == "Atlas of forests")
    files = [(file.href.split("/")[-1], file.type, file.get("length")) for file in atlas.enclosures]
    assert files == [
        ("atlas-fr.pdf", "application/pdf", "1200000"),
        ("atlas-en.PDF", "application/pdf", None),
        ("atlas-pt.pdf", "application/pdf", None),
    ]
    assert [author.name for author in atlas.authors] == ["Awa Somebody", "Koffi Quelqu’un"]
    assert [tag.term for tag in atlas.tags] == ["forest", "gbf-target-1", "gbf-target-3"]


def test_a_feed_stays_short() -> None:
    many = tuple(
        an_entry(
            "news",
            f"n{day}",
            title={"fr": f"Jour {day}"},
            date=date.fromordinal(730000 + day),
            body={"fr": "x"},
        )
        for day in range(MOST_ENTRIES + 5)
    )
    read = feedparser.parse(dict(atom(a_publication({"news": many})))["fr/news/atom.xml"])
    assert len(read.entries) == MOST_ENTRIES
    assert read.entries[0].title == f"Jour {MOST_ENTRIES + 4}"


def test_an_empty_section_has_no_feed_and_the_one_of_everything_is_there_and_valid() -> None:
    feeds = dict(atom(a_publication({})))
    assert set(feeds) == {"fr/atom.xml", "en/atom.xml", "ar/atom.xml"}
    assert relax_ng("atom.rng").validate(etree.fromstring(feeds["fr/atom.xml"]))
