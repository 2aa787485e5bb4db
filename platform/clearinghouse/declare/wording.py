"""Says in a person's words what pydantic found: what it should be, what it is, what may be meant."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from clearinghouse.declare.characters import escaped
from clearinghouse.declare.models import model_at
from clearinghouse.declare.problem import Finding, Key
from clearinghouse.declare.should import KIND, listed, meant

_TYPES = {
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "mapping_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
}


def findings(error: ValidationError, model: type[BaseModel]) -> Iterator[Finding]:
    """One finding for each error; a key missing because it is misspelt is told once, as misspelt."""
    errors = error.errors(include_url=False)
    wrong_keys = {details["loc"][:-1] for details in errors if details["loc"][-1:] == ("[key]",)}
    found = [
        _finding(details, model)
        for details in errors
        if details["loc"] not in wrong_keys and not _counts_only_the_right_ones(details)
    ]
    meant_keys = {(*f.key[:-1], f.hint) for f in found if f.names_key}
    for finding in found:
        misspelt = (*finding.key[:-1], f"did you mean {finding.key[-1]}?") if finding.key else ()
        if finding.found != "missing" or misspelt not in meant_keys:
            yield finding


def sentence(should: str, found: str, hint: str | None) -> str:
    """The message of a problem, on one line whatever went into it."""
    tail = f" ({hint})" if hint else ""
    return escaped(f"should be {should}, is {found[:300]}{tail}")


def shown(value: object) -> str:
    """A value as it may stand after "is": short, on one line, nothing invisible, no private key."""
    if isinstance(value, str):
        return _shown_text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "a list"
    return "keys with values" if isinstance(value, dict) else "empty"


def _shown_text(text: str) -> str:
    if not text:
        return "empty text"
    if "PRIVATE KEY" in text:
        return "a private key"
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return escaped(json.dumps(escaped(short), ensure_ascii=False))


def _counts_only_the_right_ones(details: ErrorDetails) -> bool:
    """Whether a list is called too short because some of its items are wrong, which is told of each."""
    value = details["input"]
    return details["type"] == "too_short" and isinstance(value, list | dict) and len(value) > 0


def _finding(details: ErrorDetails, model: type[BaseModel]) -> Finding:
    key: Key = tuple(part for part in details["loc"] if part != "[key]")
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    names_key = details["loc"][-1:] == ("[key]",)
    if kind == KIND:
        found = context["found"] or shown(value)
        return Finding(key, context["should"], found, context["hint"], names_key=names_key)
    if kind == "missing":
        return Finding(key, "given", "missing")
    if kind == "extra_forbidden":
        return _unknown(key, model)
    if kind == "literal_error":
        return _choice(key, value, re.findall(r"'([^']*)'", context["expected"]), names_key)
    if kind in ("too_short", "too_long"):
        return _wrong_count(key, value, context)
    return Finding(key, _TYPES.get(kind, details["msg"]), shown(value))


def _unknown(key: Key, model: type[BaseModel]) -> Finding:
    around = model_at(model, key[:-1])
    hint = meant(key[-1], tuple(around.model_fields)) if around else None
    return Finding(key, "one of the known keys", shown(str(key[-1])), hint, names_key=True)


def _choice(key: Key, value: object, choices: list[str], names_key: bool) -> Finding:
    hint = meant(value, choices) if isinstance(value, str) else None
    return Finding(key, listed(choices), shown(value), hint, names_key=names_key)


def _wrong_count(key: Key, value: object, context: dict[str, Any]) -> Finding:
    least, most = context.get("min_length"), context.get("max_length")
    bounds = f"at least {least}" if least is not None else f"at most {most}"
    if isinstance(value, dict):
        return Finding(key, f"keys with values, {bounds}", str(len(value)))
    return Finding(key, f"a list of {bounds}", str(len(value)) if isinstance(value, list) else shown(value))
