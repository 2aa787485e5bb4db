"""The catalogue, read by rdflib and judged by pyshacl with shapes after DCAT 3 and DCAT-AP 3."""

from rdflib import DCAT, DCTERMS, RDF, XSD, Literal, URIRef
from rdflib.compare import isomorphic

from clearinghouse.site.feeds.dcat import dataset_address, dcat
from tests.site.feeds.engines import graph, shape_errors
from tests.site.feeds.samples import a_publication, the_entry, the_site

PUBLICATION = a_publication()
MADE = dict(dcat(PUBLICATION))
TURTLE = graph(MADE["catalogue.ttl"], "turtle")
ATLAS = URIRef(dataset_address(PUBLICATION, the_entry(PUBLICATION, "documents", "atlas")))
BIRDS = URIRef(dataset_address(PUBLICATION, the_entry(PUBLICATION, "documents", "birds")))


def test_the_catalogue_has_the_shape_that_the_specification_asks_for() -> None:
    assert shape_errors(TURTLE) == ""


def test_the_shapes_refuse_a_dataset_without_a_title() -> None:
    broken = graph(MADE["catalogue.ttl"], "turtle").remove((ATLAS, DCTERMS.title, None))
    assert "title" in shape_errors(broken)


def test_both_forms_say_the_same() -> None:
    assert len(TURTLE) > 50
    assert isomorphic(TURTLE, graph(MADE["catalogue.jsonld"], "json-ld"))


def test_every_document_is_a_dataset_with_its_titles() -> None:
    assert len(set(TURTLE.subjects(RDF.type, DCAT.Dataset))) == 3
    titles = set(TURTLE.objects(ATLAS, DCTERMS.title))
    assert titles == {Literal("Atlas des forêts", "fr"), Literal("Atlas of forests", "en")}


def test_every_file_and_every_place_elsewhere_is_a_distribution() -> None:
    files = list(TURTLE.objects(ATLAS, DCAT.distribution))
    sizes = {size for file in files for size in TURTLE.objects(file, DCAT.byteSize)}
    assert (len(files), sizes) == (3, {Literal("1200000", datatype=XSD.nonNegativeInteger)})
    places = {
        str(p) for d in TURTLE.objects(BIRDS, DCAT.distribution) for p in TURTLE.objects(d, DCAT.accessURL)
    }
    assert places == {
        "https://bj.chm.example.org/files/birds.csv",
        "https://data.example.org/oiseaux/%C3%A9?q=100%25&x=[1]",
    }


def test_a_site_that_says_little_of_itself_still_has_a_valid_catalogue() -> None:
    bare = the_site().model_copy(
        update=dict.fromkeys(("slogan", "institution", "licence", "contact", "address"), None)
    )
    made = graph(dict(dcat(a_publication(site=bare)))["catalogue.ttl"], "turtle")
    assert shape_errors(made) == ""


def test_without_documents_there_is_no_catalogue() -> None:
    assert dict(dcat(a_publication({}))) == {}
