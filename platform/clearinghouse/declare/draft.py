"""What is right in a declaration that is partly wrong, so that the rules can look at the rest."""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticUndefined

from clearinghouse.declare.models import inner_model
from clearinghouse.declare.problem import Key

Model = TypeVar("Model", bound=BaseModel)


def drafted(model: type[Model], data: object, refused: Collection[Key]) -> Model:
    """A value whose refused and missing parts are None, whatever their types promise.

    It never leaves `declare`: only the rules see it, and they expect None anywhere.

    Args:
        model: the type.
        data: the plain data of the file.
        refused: the keys whose values are wrong.
    """
    given = data if isinstance(data, dict) else {}
    values = {
        name: _field(model, name, given.get(name), [key[1:] for key in refused if key[:1] == (name,)])
        for name in model.model_fields
    }
    return model.model_construct(**values)


def _field(model: type[BaseModel], name: str, raw: object, refused: list[Key]) -> Any:
    if () in refused:
        return None
    if raw is None:
        default = model.model_fields[name].get_default()
        return None if default is PydanticUndefined else default
    nested = inner_model(model.model_fields[name].annotation)
    if isinstance(raw, dict) and nested:
        return drafted(nested, raw, refused)
    wrong = {key[0] for key in refused}
    if isinstance(raw, dict):
        right = _valid(model, name, {key: value for key, value in raw.items() if key not in wrong})
        return {**dict.fromkeys(raw), **right} if right is not None else None
    if isinstance(raw, list):
        return _items(model, name, raw, wrong)
    return _valid(model, name, raw)


def _items(model: type[BaseModel], name: str, raw: list[object], wrong: set[str | int]) -> tuple[Any, ...]:
    """The items, None in the places of wrong ones, so that each keeps its position."""
    right = iter(_valid(model, name, [item for i, item in enumerate(raw) if i not in wrong]) or ())
    return tuple(None if i in wrong else next(right, None) for i in range(len(raw)))


def _valid(model: type[BaseModel], name: str, raw: object) -> Any:
    try:
        return _adapter(model, name).validate_python(raw)
    except ValidationError:
        return None


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    annotation: Any = Annotated[field.annotation, field]
    return TypeAdapter(annotation)
