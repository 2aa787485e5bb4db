"""The types of fields: text in several languages, places in the information's folder, figures."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import Field
from pydantic.fields import FieldInfo

from clearinghouse.declare.characters import INVISIBLE, named
from clearinghouse.declare.form import Form, text_form
from clearinghouse.declare.names import Language
from clearinghouse.declare.quantities import whole
from clearinghouse.declare.should import should_be, text_of

_LONGEST_LINE = 500
_LONGEST_PROSE = 200_000
_FILE = r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,5}"
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


class Localised:
    """Marks text that each language has its own words for."""


def is_localised(field: FieldInfo) -> bool:
    """Whether a field holds text in several languages, or a list of such texts."""
    return any(isinstance(part, Localised) for part in field.metadata) or _holds_localised(field.annotation)


def _holds_localised(annotation: Any) -> bool:
    return any(isinstance(part, Localised) or _holds_localised(part) for part in get_args(annotation))


def _line(value: object) -> str:
    text = text_of(value, "text")
    if unseen := INVISIBLE.search(text):
        raise should_be("one line of characters that can be seen", found=named(unseen[0]))
    if not text or text != text.strip():
        raise should_be("text without spaces around it")
    if len(text) > _LONGEST_LINE:
        raise should_be(f"text of at most {_LONGEST_LINE} characters", found=f"{len(text)} characters long")
    return text


def _prose(value: object) -> str:
    text = text_of(value, "text")
    if unseen := INVISIBLE.search(text.replace("\n", " ").replace("\t", " ")):
        raise should_be("made of characters that can be seen", found=named(unseen[0]))
    if not text.strip():
        raise should_be("text")
    if len(text) > _LONGEST_PROSE:
        raise should_be(f"text of at most {_LONGEST_PROSE} characters", found=f"{len(text)} characters long")
    return text.strip()


def _matching(pattern: str, expected: str) -> Form:
    def check(value: object) -> str:
        text = text_of(value, expected)
        if len(text) > 300 or not re.fullmatch(pattern, text):
            raise should_be(expected)
        return text

    return text_form(check, pattern=f"^({pattern})$", maxLength=300)


def _number(expected: str, low: float, high: float) -> Form:
    def check(value: object) -> Decimal:
        if type(value) not in (int, float, Decimal) or not low <= float(value) <= high:  # type: ignore[arg-type]
            raise should_be(expected)
        return Decimal(str(value))

    return Form(check, {"type": "number", "minimum": low, "maximum": high})


def _period(value: object) -> str:
    """A single year is a number to YAML."""
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}(-[0-9]{4})?", text):
        raise should_be("a year or years, such as 2014-2018")
    return text


def _web(value: object) -> str:
    expected = "a web address that begins with https:// or http://"
    text = text_of(value, expected)
    if len(text) > 2000 or not re.fullmatch(
        r"https?://[^\s/?#<>\"'`{}|\\^@]+([/?#][^\s<>\"'`{}|\\^]*)?", text
    ):
        raise should_be(expected)
    return text


OneLine = Annotated[str, text_form(_line, minLength=1, maxLength=_LONGEST_LINE)]
OneProse = Annotated[str, text_form(_prose, minLength=1, maxLength=_LONGEST_PROSE)]
Line = Annotated[Mapping[Language, OneLine], Field(min_length=1), Localised()]
"""A line of text by language."""
Prose = Annotated[Mapping[Language, OneProse], Field(min_length=1), Localised()]
"""Markdown by language."""
Slug = Annotated[str, _matching(_SLUG, "small letters a to z, digits and hyphens")]
FilePath = Annotated[str, _matching(_FILE, "a file in the folder files/, such as nbsap-2016.pdf")]
ImagePath = Annotated[str, _matching(_FILE, "a picture in the folder images/, such as forest.jpg")]
Files = Annotated[Mapping[Language, FilePath], Field(min_length=1), Localised()]
"""A file in each of the languages that it is written in."""
Web = Annotated[str, text_form(_web, format="uri")]
Phone = Annotated[
    str, _matching(r"\+[0-9][0-9 ()./-]{5,28}[0-9]", "a telephone number such as +229 21 30 00 00")
]
Country = Annotated[str, _matching(r"[A-Z]{2}", "a country's code, two capital letters, as in BJ")]
Colour = Annotated[str, _matching(r"#[0-9A-Fa-f]{6}", "a colour such as #17603f")]
Year = Annotated[int, whole(1800, 2200)]
Target = Annotated[int, whole(1, 23)]
"""The number of a target of the Kunming-Montreal Global Biodiversity Framework (decision CBD/COP/15/4)."""
Period = Annotated[str, Form(_period, {"type": ["string", "integer"]})]
Latitude = Annotated[Decimal, _number("degrees of latitude from -90 to 90", -90, 90)]
Longitude = Annotated[Decimal, _number("degrees of longitude from -180 to 180", -180, 180)]
Amount = Annotated[Decimal, _number("a number from 0 on", 0, 1e15)]
Currency = Annotated[str, _matching(r"[A-Z]{3}", "a currency's code (ISO 4217), such as EUR")]
Person = OneLine
"""A person's or a publisher's name, the same in every language."""

Theme = Literal[
    "agricultural",
    "dry-and-sub-humid-lands",
    "forest",
    "inland-waters",
    "island",
    "marine-and-coastal",
    "mountain",
]
"""The thematic programmes of work of the Convention."""
