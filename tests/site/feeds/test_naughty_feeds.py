"""Whatever a partner writes, every feed stays what it is, and says what was written."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, TypeVar

import feedparser
import pytest
from icalendar import Calendar
from lxml import etree
from rdflib import DCAT, DCTERMS, RDF
from rdflib.compare import isomorphic

from clearinghouse.declare.value import Value
from clearinghouse.site.content import Entry
from clearinghouse.site.feeds import outputs
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.feeds.linked_data import linked_data
from clearinghouse.site.texts import clean
from tests.site.feeds.engines import errors, graph, relax_ng, schema_org, shape_errors, texts
from tests.site.feeds.samples import LANGUAGES, a_publication, the_entry
from tests.site.naughty import TEXTS

Some = TypeVar("Some", bound=Value)

NAUGHTY = (
    *TEXTS,
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    '"',
    "'",
    '\\"',
    "one\ntwo\n\nthree",
    "one\r\ntwo\rthree",
    "\n",
    "BEGIN:VEVENT\nEND:VCALENDAR\r\nX:y",
    "\\;,",
    "\\n \\N \\\\",
    "ends with a backslash\\",
    "&amp;&lt;&#0;&unknown;",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    '"@fr . <x> <y> <z> . "',
    '"""@prefix',
    "\u2028\u2029\u0085",
    "é" * 80,
    "😀🇧🇯👩🏽‍🌾" * 20,
    "\u202eמימין לשמאל\u200f",
    "\x00\x0b\x1b\ufffe\ud800",
    "tab\tand  two spaces",
)
_FREE = frozenset(["acronym", "authors", "name", "publisher", "rights", "source"])
"""Fields of free text that has no language."""


def _poisoned(value: Some, text: str) -> Some:
    """The value with a text in every field that holds one."""
    changes = {
        name: _poison(name, getattr(value, name), text)
        for name in type(value).model_fields
        if getattr(value, name) is not None
    }
    return value.model_copy(update=changes)


def _poison(name: str, value: Any, text: str) -> Any:
    if isinstance(value, Mapping) and name != "files":
        return dict.fromkeys(value, text)
    if isinstance(value, Value):
        return _poisoned(value, text)
    if isinstance(value, tuple):
        return tuple(_poison(name, part, text) for part in value)
    return text if name in _FREE and not str(value).startswith("https:") else value


def _publication(text: str) -> Publication:
    clean_one = a_publication()
    content = clean_one.content
    entries = {
        folder: tuple(
            Entry(
                each.kind, each.slug, _poisoned(each.record, text), each.source, each.languages, each.updated
            )
            for each in there
        )
        for folder, there in content.entries.items()
    }
    partner = content.partner.model_copy(update={"name": dict.fromkeys(LANGUAGES, text)})
    site, country = _poisoned(content.site, text), _poisoned(content.country, text)
    return a_publication(entries, partner=partner, site=site, country=country)


@pytest.fixture(params=NAUGHTY, ids=[ascii(text)[:40] for text in NAUGHTY])
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_atom_feeds_stay_feeds(text: str) -> None:
    for path, made in outputs(_publication(text)):
        if not path.endswith("atom.xml"):
            continue
        assert not feedparser.parse(made).bozo, path
        assert relax_ng("atom.rng").validate(etree.fromstring(made)), path
        assert set(texts(made, "//atom:entry/atom:title")) <= {clean(text), *_made_up(path)}
        assert set(texts(made, "//atom:author/atom:name | //atom:feed/atom:subtitle")) == {clean(text)}


def _made_up(path: str) -> set[str]:
    """The title of the report that has none of its own."""
    publication = a_publication()
    report = the_entry(publication, "reports", "report-6")
    return {publication.title(report, path.split("/")[0]).text}


def test_calendars_stay_calendars(text: str) -> None:
    read_back = re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", clean(text))
    made = dict(outputs(_publication(text)))["fr/events/calendar.ics"]
    calendar = Calendar.from_ical(made)
    events = calendar.walk("VEVENT")
    assert len(events) == 2
    assert not [error for part in calendar.walk() for error in part.errors]
    assert {str(event["SUMMARY"]) for event in events} == {read_back}
    assert (str(events[0]["DESCRIPTION"]), str(events[0]["LOCATION"])) == (read_back, read_back)
    assert len(made.split(b"\r\n")) == len(made.split(b"\n"))


def test_the_catalogue_stays_a_catalogue(text: str) -> None:
    made = dict(outputs(_publication(text)))
    turtle = graph(made["catalogue.ttl"], "turtle")
    assert isomorphic(turtle, graph(made["catalogue.jsonld"], "json-ld"))
    assert shape_errors(turtle) == ""
    datasets = list(turtle.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == 3
    assert {str(title) for each in datasets for title in turtle.objects(each, DCTERMS.title)} == {clean(text)}


def test_the_repository_stays_a_repository(text: str) -> None:
    made = dict(outputs(_publication(text)))["oai.xml"]
    assert errors("static-repository.xsd", made) == []
    assert set(texts(made, "//dc:title | //dc:creator | //dc:description | //dc:rights")) == {clean(text)}


def test_records_stay_records(text: str) -> None:
    made = dict(outputs(_publication(text)))
    for path in (path for path in made if path.endswith(".json")):
        assert json.loads(made[path])["records"], path
    atlas = json.loads(made["en/records/documents.json"])["records"][0]["fields"]
    assert (atlas["title"], atlas["authors"][0], atlas["rights"]) == (clean(text), clean(text), clean(text))


class _Page(HTMLParser):
    """Counts what a browser would see of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.script += data if self.tags[-1:] == ["script"] else ""

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")


def test_linked_data_stays_within_its_script(text: str) -> None:
    publication = _publication(text)
    for entry in (None, *publication.content.all):
        said = linked_data(publication, entry, "en")
        assert not set("<>&\u2028\u2029") & set(said)
        page = _Page()
        page.feed(f'<script type="application/ld+json">{said}</script><p>')
        assert page.tags == ["script", "/script", "p"]
        assert (
            len(etree.HTML(f'<script type="application/ld+json">{said}</script>').findall(".//script")) == 1
        )
        assert schema_org(page.script)
    assert json.loads(linked_data(publication, None, "en"))["@graph"][0]["name"] == clean(text)
