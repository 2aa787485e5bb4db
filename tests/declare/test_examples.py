"""The examples document every key, and they and the repository's own stacks are valid."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.declare.document import parse
from clearinghouse.declare.load import declare
from clearinghouse.declare.schema import MODELS, schema_text
from clearinghouse.declare.tree import Node, places, plain

ROOT = Path(__file__).parents[2]
DECLARED = [
    *sorted((ROOT / "stacks").glob("[a-z]*.yaml")),
    *sorted((ROOT / "stacks" / "hosts").glob("*.yaml")),
    *sorted((ROOT / "docs" / "examples").glob("*.yaml")),
]


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


def keys(node: dict[str, Any], definitions: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Every key of a schema, as its way through mappings; positions in lists are left out."""
    for choice in [node, *node.get("anyOf", [])]:
        if "$ref" in choice:
            yield from keys(definitions[choice["$ref"].rsplit("/", 1)[1]], definitions)
        yield from keys(choice["items"], definitions) if "items" in choice else ()
        for name, inner in choice.get("properties", {}).items():
            yield (name,)
            yield from ((name, *below) for below in keys(inner, definitions))


def keys_of(name: str) -> set[tuple[str, ...]]:
    whole = schema(name)
    return set(keys(whole, whole.get("$defs", {})))


def document(file: Path) -> Node:
    root = parse(file.read_bytes()).root
    assert root is not None
    return root


def written_keys(file: Path) -> set[tuple[str, ...]]:
    return {tuple(part for part in key if isinstance(part, str)) for _, key in places(document(file))}


@pytest.mark.parametrize("name", MODELS)
def test_the_example_shows_every_key(name: str) -> None:
    missing = keys_of(name) - written_keys(ROOT / "docs" / "examples" / f"{name}.yaml")
    assert missing == set()


def test_the_walk_finds_keys_at_every_level() -> None:
    expected = {
        ("host",),
        ("contacts", "review"),
        ("site", "cron", "schedule"),
        ("site", "health", "text"),
        ("limits",),
    }
    assert expected <= keys_of("partner")


def test_the_example_names_every_setting_of_php() -> None:
    text = (ROOT / "docs" / "examples" / "partner.yaml").read_text(encoding="utf-8")
    settings = schema("partner")["$defs"]["Site"]["properties"]["php"]["propertyNames"]["enum"]
    assert len(settings) == 8
    assert [setting for setting in settings if setting not in text] == []


@pytest.mark.parametrize("name", MODELS)
def test_every_key_of_the_example_has_a_comment_above_or_beside_it(name: str) -> None:
    lines = (ROOT / "docs" / "examples" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    top = [i for i, line in enumerate(lines) if line[:1].isalpha()]
    assert [lines[i] for i in top if not lines[i - 1].startswith("#")] == []


def test_the_examples_are_valid(tmp_path: Path) -> None:
    stacks = tmp_path / "stacks"
    (stacks / "hosts").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "examples" / "partner.yaml", stacks / "xx.yaml")
    shutil.copy(ROOT / "docs" / "examples" / "host.yaml", stacks / "hosts" / "example.yaml")
    assert [str(problem) for problem in declare(stacks).problems] == []


def test_the_stacks_of_this_repository_are_valid() -> None:
    declaration = declare(ROOT / "stacks")
    assert [str(problem) for problem in declaration.problems] == []
    assert {"bj", "cd"} <= set(declaration.partners)
    assert "local" in declaration.hosts


@pytest.mark.parametrize("file", DECLARED, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_first_line_names_the_schema_for_editors(file: Path) -> None:
    first = file.read_text(encoding="utf-8").split("\n", 1)[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    kind = "host" if "host" in plain(document(file)) and "partner" not in plain(document(file)) else "partner"  # type: ignore[operator]
    named = (file.parent / first.removeprefix(prefix)).resolve()
    assert named == ROOT / "docs" / "schema" / f"{kind}.schema.json"
    assert named.is_file()


@pytest.mark.parametrize("name", MODELS)
def test_the_schema_in_docs_is_that_of_the_models(name: str) -> None:
    kept = (ROOT / "docs" / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert kept == schema_text(name), "run `chm schema`"


def described(value: dict[str, Any], definitions: dict[str, Any]) -> bool:
    """Whether a key is described, or what it refers to."""
    named = value.get("$ref", "").rsplit("/", 1)[-1]
    return bool(value.get("description") or definitions.get(named, {}).get("description"))


@pytest.mark.parametrize("name", MODELS)
def test_every_key_is_described(name: str) -> None:
    whole = schema(name)
    models = [whole, *whole.get("$defs", {}).values()]
    properties = [(key, value) for model in models for key, value in model.get("properties", {}).items()]
    assert [key for key, value in properties if not described(value, whole.get("$defs", {}))] == []


@pytest.mark.parametrize("name", MODELS)
def test_no_unknown_key_fits_the_schema(name: str) -> None:
    whole = schema(name)
    models = [whole, *whole.get("$defs", {}).values()]
    assert all(model["additionalProperties"] is False for model in models if "properties" in model)
