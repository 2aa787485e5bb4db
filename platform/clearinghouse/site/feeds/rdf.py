"""A graph of resources, written as JSON-LD 1.1 and as Turtle."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clearinghouse.site.texts import clean, uri

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# What a quoted string may not hold as it stands (RDF 1.1 Turtle, productions 22 and 159s: ECHAR).
_TURTLE_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Iri:
    """A resource by its address."""

    address: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, with its language or its datatype (`xsd:date`), or neither."""

    text: str
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A resource: its address, its classes, and what is said of it; names with prefixes (`dct:title`)."""

    address: str
    classes: tuple[str, ...]
    properties: tuple[tuple[str, Iri | Literal], ...]


def turtle(nodes: Iterable[Node]) -> bytes:
    """The graph as Turtle (RDF 1.1 Turtle), in UTF-8."""
    heads = [f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items()]
    return "".join([*heads, *(f"\n{_turtle_node(node)}\n" for node in nodes)]).encode()


def json_ld(nodes: Iterable[Node]) -> bytes:
    """The graph as JSON-LD; its context stands in it, so that nothing has to be fetched to read it."""
    document = {"@context": dict(PREFIXES), "@graph": [_json_node(node) for node in nodes]}
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def _turtle_node(node: Node) -> str:
    said = [f"a {', '.join(node.classes)}", *(f"{name} {_turtle_value(v)}" for name, v in node.properties)]
    return f"<{uri(node.address)}> " + " ;\n  ".join(said) + " ."


def _turtle_value(value: Iri | Literal) -> str:
    if isinstance(value, Iri):
        return f"<{uri(value.address)}>"
    quoted = f'"{clean(value.text).translate(_TURTLE_ESCAPES)}"'
    if value.language:
        return f"{quoted}@{value.language}"
    return f"{quoted}^^{value.datatype}" if value.datatype else quoted


def _json_node(node: Node) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": uri(node.address), "@type": list(node.classes)}
    for name, value in node.properties:
        made.setdefault(name, []).append(_json_value(value))
    return made


def _json_value(value: Iri | Literal) -> dict[str, str]:
    if isinstance(value, Iri):
        return {"@id": uri(value.address)}
    made = {"@value": clean(value.text)}
    if value.language:
        made["@language"] = value.language
    elif value.datatype:
        made["@type"] = value.datatype
    return made
