"""XML, written by the standard library from elements whose prefixes stand in their names.

ElementTree keeps the prefixes of namespaces in a table that is global to the process. A name with its prefix
(`dc:title`), declared by an outer element's attribute `xmlns:dc`, is written as it stands and needs no table.
"""

from xml.etree.ElementTree import Element, indent, tostring

from clearinghouse.site.texts import clean
from clearinghouse.site.words import Words


def element(name: str, *inside: Element | str, **attributes: str) -> Element:
    """An element with attributes, text and elements; characters that XML forbids are left out.

    Args:
        name: with its prefix, `oai:record`.
        inside: elements, or one text.
        attributes: by their names; names that Python does not know are given as `**{"xml:lang": "fr"}`.
    """
    made = Element(name, {key: clean(value) for key, value in attributes.items()})
    for part in inside:
        if isinstance(part, str):
            made.text = clean(part)
        else:
            made.append(part)
    return made


def said(name: str, words: Words, **attributes: str) -> Element:
    """An element with text, which says the text's language."""
    return element(name, words.text, **attributes, **{"xml:lang": words.language})


def written(root: Element) -> bytes:
    """The document in UTF-8, indented, with its declaration."""
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
