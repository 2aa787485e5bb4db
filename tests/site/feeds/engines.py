"""Programs that others wrote, which read and judge what we made."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from pyshacl import validate
from rdflib import Graph
from xmlschema import XMLSchema

SCHEMAS = Path(__file__).parent / "schemas"
SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@cache
def relax_ng(name: str) -> etree.RelaxNG:
    """A schema in RELAX NG, for lxml."""
    return etree.RelaxNG(etree.parse(SCHEMAS / name))


@cache
def xsd(name: str) -> XMLSchema:
    """An XML Schema; nothing is fetched for it."""
    return XMLSchema(SCHEMAS / name, allow="local")


def errors(name: str, document: bytes) -> list[str]:
    """What an XML Schema finds wrong with a document."""
    return [str(error) for error in xsd(name).iter_errors(etree.fromstring(document))]


def texts(document: bytes, path: str) -> list[str]:
    """The texts of the elements, or the attributes, at an XPath."""
    found: Any = etree.fromstring(document).xpath(path, namespaces=SPACES)
    return [each if isinstance(each, str) else each.text or "" for each in found]


def said(document: bytes, path: str) -> list[tuple[str, str | None]]:
    """The texts of the elements at an XPath, with the language that each says it is in."""
    found: Any = etree.fromstring(document).xpath(path, namespaces=SPACES)
    return [(each.text or "", each.get(LANG)) for each in found]


def graph(document: bytes, form: str) -> Graph:
    """The graph of a document in a form that rdflib knows: `turtle`, `json-ld`."""
    with _of_others():
        return Graph().parse(data=document, format=form)


def shape_errors(made: Graph, shapes: str = "dcat.shapes.ttl") -> str:
    """What SHACL shapes find wrong with a graph; nothing where it has the shape."""
    with _of_others():
        conforms, _, text = validate(made, shacl_graph=str(SCHEMAS / shapes), meta_shacl=True)
    return "" if conforms else str(text)


def schema_org(data: str) -> Graph:
    """The graph of linked data. Its context, which is on the web, is replaced by what it mainly says."""
    document = json.loads(data)
    assert document["@context"] == "https://schema.org"
    document["@context"] = {"@vocab": "https://schema.org/"}
    return graph(json.dumps(document).encode(), "json-ld")


@contextmanager
def _of_others() -> Iterator[None]:
    """Lets rdflib and pyshacl use within themselves what rdflib deprecates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
