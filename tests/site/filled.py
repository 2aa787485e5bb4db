"""A record of any type with the same text wherever text can be."""

import json
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from clearinghouse.declare.models import inner_model
from clearinghouse.site.model.fields import is_localised

_VALUES: dict[str, Any] = {
    "code": "BJ",
    "country": "BJ",
    "phones": ["+229 21 30 00 00"],
    "email": "a@example.org",
    "contact": "a@example.org",
    "emails": ["a@example.org"],
    "websites": ["https://example.org/?a=1&b=2"],
    "link": "https://example.org/?a=1&b=2",
    "languages": ["fr"],
    "themes": ["forest"],
    "targets": [1, 23],
    "period": "2011-2020",
    "latitude": 9.5,
    "longitude": 2.25,
    "currency": "EUR",
    "colours": ["#17603f"],
    "logo": "a.png",
    "files": {"fr": "a.pdf"},
    "file": "a.png",
    "consent": True,
    "example": True,
    "review": "2027-01-31",
    "menu": [],
}
_DAYS = frozenset(
    ["date", "start", "end", "adopted", "updated", "until", "confirmed", "convention", "cartagena", "nagoya"]
)
_FIGURES = frozenset(
    ["area", "population", "population_year", "year", "known", "threatened", "budget", "number", "target"]
)


def filled(model: type[BaseModel], text: str) -> dict[str, Any]:
    """The plain data of a record whose every text is the given one, in French and Arabic.

    Args:
        model: the record's.
        text: for every field that takes any.
    """
    return {
        name: _value(name, field, text)
        for name, field in model.model_fields.items()
        if _value(name, field, text) is not None
    }


def _value(name: str, field: Any, text: str) -> Any:
    choices = _choices(field.annotation)
    if is_localised(field) and name != "files":
        said = {"fr": text, "ar": text}
        return [said] if get_origin(field.annotation) is tuple else said
    if name in _VALUES:
        return _VALUES[name]
    if name in _DAYS:
        return "2026-01-31"
    if name in _FIGURES:
        return 2011 if name in ("year", "population_year") else 3
    if choices:
        return choices[0]
    if name in ("address", "source") and "uri" in str(field.metadata) + str(field.annotation):
        return "https://example.org/"
    inner = inner_model(field.annotation)
    if inner:
        value = filled(inner, text)
        return [value] if get_origin(field.annotation) is tuple else value
    return [text] if get_origin(field.annotation) is tuple else text


def _choices(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := _choices(part))), ())


def written(data: dict[str, Any]) -> str:
    """A record as its file's text; JSON is YAML."""
    return json.dumps(data, ensure_ascii=False)
