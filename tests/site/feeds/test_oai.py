"""The static repository, judged by XML Schemas after the specifications of OAI-PMH."""

from clearinghouse.site.feeds.oai import oai
from tests.site.feeds.engines import errors, said, texts
from tests.site.feeds.samples import a_publication, the_partner, the_site

MADE = dict(oai(a_publication()))["oai.xml"]


def _without_contact() -> dict[str, object]:
    return {"site": the_site().model_copy(update={"contact": None})}


def test_it_is_what_the_specification_asks_for() -> None:
    assert errors("static-repository.xsd", MADE) == []


def test_the_schema_refuses_a_repository_without_an_address_to_write_to() -> None:
    broken = MADE.replace(b"<oai:adminEmail>chm@example.org</oai:adminEmail>", b"")
    assert errors("static-repository.xsd", broken)


def test_every_document_is_a_record_with_a_lasting_name_and_a_day() -> None:
    domain = "oai:bj.chm.example.org"
    names = [f"{domain}:documents/{slug}" for slug in ("atlas", "birds", "leaflet")]
    assert texts(MADE, "//oai:identifier") == names
    assert texts(MADE, "//oai:datestamp") == ["2022-01-01", "2023-02-01", "1998-01-01"]
    assert texts(MADE, "//oai:earliestDatestamp") == ["1998-01-01"]


def test_a_record_says_what_the_document_is() -> None:
    atlas = "//oai:record[1]//dc:"
    assert said(MADE, f"{atlas}title") == [("Atlas of forests", "en"), ("Atlas des forêts", "fr")]
    assert texts(MADE, f"{atlas}creator") == ["Awa Somebody", "Koffi Quelqu’un"]
    assert texts(MADE, f"{atlas}language") == ["fr", "en"]
    assert texts(MADE, f"{atlas}format") == ["application/pdf"]
    assert texts(MADE, f"{atlas}identifier")[0] == "https://bj.chm.example.org/fr/library/atlas/"
    assert texts(MADE, "//dc:type") == ["Text", "Dataset"]


def test_where_the_site_names_no_address_a_person_who_agreed_is_written_to() -> None:
    made = dict(oai(a_publication(**_without_contact())))["oai.xml"]
    assert texts(made, "//oai:adminEmail") == ["a@example.org"]


def test_where_nobody_agreed_to_be_named_there_is_no_repository() -> None:
    contacts = tuple(each.model_copy(update={"consent": False}) for each in the_partner().contacts)
    partner = the_partner().model_copy(update={"contacts": contacts})
    assert dict(oai(a_publication(partner=partner, **_without_contact()))) == {}


def test_without_documents_there_is_no_repository() -> None:
    assert dict(oai(a_publication({}))) == {}
