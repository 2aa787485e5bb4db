"""Looks into drawings, for tests."""

import re

from lxml import etree

from clearinghouse.site.safe import is_safe

SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = re.compile("svg|title|desc|g|a|rect|circle|path|text")
_ATTRIBUTES = re.compile(
    "class|role|aria-label|aria-labelledby|aria-describedby|viewBox|width|height|direction|id|x|y|cx|cy|r|d"
    "|fill|stroke|stroke-opacity|font-size|text-anchor|pointer-events|href"
)


def parsed(drawing: str) -> etree._Element:
    """A drawing as XML, which is stricter than a browser."""
    return etree.fromstring(drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode())


def assert_harmless_drawing(drawing: str) -> None:
    """It holds shapes, texts and safe links, nothing that runs, loads or styles."""
    for element in parsed(drawing).iter():
        assert _ELEMENTS.fullmatch(str(element.tag).removeprefix(SVG)), drawing
        assert all(_ATTRIBUTES.fullmatch(str(name)) for name in element.attrib), drawing
        assert is_safe(str(element.get("href", "#"))), drawing
