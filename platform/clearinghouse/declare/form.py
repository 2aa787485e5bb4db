"""What turns a type into one of ours: a check with its own words, and its JSON Schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, eq=False)
class Form:
    """Goes into `Annotated[str, Form(check, schema)]`.

    Args:
        check: takes what the YAML holds, gives the value, or raises `should_be(…)`.
        schema: what JSON Schema can say about it.
    """

    check: Callable[[object], object]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return dict(self.schema)


def text_form(check: Callable[[object], object], **schema: Any) -> Form:
    """A form of text."""
    return Form(check, {"type": "string", **schema})
