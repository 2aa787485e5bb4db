"""docs/examples/site shows a record of every type with every field, and all of it makes a site.

That each field is there, with a comment, is tested together with the other examples, in tests/declare.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from PIL import Image
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from clearinghouse.declare.models import inner_model
from clearinghouse.declare.schema import SITE_MODELS
from clearinghouse.site.model.kinds import KINDS
from tests.site.made import Made

FOLDER = Path(__file__).parents[2] / "docs/examples/site"
NAMES = tuple(name.removeprefix("site/") for name in SITE_MODELS)


def text(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def test_there_is_an_example_of_every_type_and_of_nothing_else() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {"site", "country", *KINDS} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_names_the_schema_for_editors(name: str) -> None:
    schema = text(name).split("\n", 1)[0].removeprefix("# yaml-language-server: $schema=")
    assert (FOLDER / schema).resolve() == FOLDER.parents[1] / f"schema/site/{name}.schema.json"
    assert (FOLDER / schema).is_file()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("examples"), together(), "fr", "en")


def test_all_examples_together_make_a_site_without_a_problem(made: Made) -> None:
    shown = {folder: [entry.slug for entry in made.content.of(folder)] for folder in KINDS}
    assert shown == {folder: ["example"] for folder in KINDS}
    assert made.leads_nowhere() == []


def test_every_example_is_written_in_both_languages(made: Made) -> None:
    assert [entry.slug for entry in made.content.all if entry.languages != ("fr", "en")] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_comment_of_a_field_names_all_that_one_may_choose_from(name: str) -> None:
    for field, info in fields(SITE_MODELS[f"site/{name}"]):
        wanted = set(choices(info.annotation)) - ({"home"} if name == "pages" else set())
        assert wanted <= set(re.findall(r"[\w-]+", comment(name, field))), field


@pytest.mark.parametrize("name", NAMES)
def test_the_comment_of_a_field_says_whether_it_is_required(name: str) -> None:
    for field, info in fields(SITE_MODELS[f"site/{name}"]):
        assert ("Required. " in f"{comment(name, field)} ") is info.is_required(), field


def together() -> dict[str, str | bytes]:
    """All examples where a partner would put them, and the files that they name."""
    own = {f"{name}.yaml" if name not in KINDS else f"{name}/example.yaml": text(name) for name in NAMES}
    named = "\n".join(own.values())
    documents = {f"files/{name}": b"%PDF-1.4\n" for name in re.findall(r"[\w-]+\.pdf", named)}
    pictures = {f"images/{name}": a_picture() for name in re.findall(r"[\w-]+\.(?:jpg|png)", named)}
    return {**own, **documents, **pictures}


def a_picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "PNG")
    return content.getvalue()


def fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """The fields of a model, and of the models within it."""
    for name, info in model.model_fields.items():
        yield name, info
        if inner := inner_model(info.annotation):
            yield from fields(inner)


def choices(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := choices(part))), ())


def comment(name: str, field: str) -> str:
    """The comment above a field, on one line."""
    found = re.search(rf"((?:^ *#.*\n)+) *(?:- )?{field}:", text(name), re.MULTILINE)
    assert found, f"{name}: {field} has no comment"
    return " ".join(line.strip(" #") for line in found[1].splitlines())
