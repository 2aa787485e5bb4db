"""Finds one's way in the models: which model is behind a key."""

from typing import Any, get_args

from pydantic import BaseModel

from clearinghouse.declare.problem import Key


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """The model within a type such as `tuple[Contact, ...]` or `Site | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := inner_model(part))), None)


def model_at(model: type[BaseModel], key: Key) -> type[BaseModel] | None:
    """The model of the value at a key; None where a plain value is."""
    found: type[BaseModel] | None = model
    for part in key:
        if isinstance(part, str) and found:
            field = found.model_fields.get(part)
            found = inner_model(field.annotation) if field else None
    return found
