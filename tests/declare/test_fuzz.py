"""Whatever stands in a file, it becomes problems with a place in that file, never a traceback."""

import copy
import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clearinghouse.declare.load import Declaration, declare
from tests.declare.conftest import LOCAL, written

LINE = re.compile(
    r"stacks/(hosts/)?[a-z]+\.yaml:[1-9][0-9]*:[1-9][0-9]*: [^\n]+: should be [^\n]+, is [^\n]+"
)
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
BAD = Path(__file__).parent / "bad"

many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.binary(max_size=20)
    | st.sampled_from(
        ["no", "22:22", "1G", "fr", "cd", "php", "::", "", "x" * 5000, "<<", "*", "xn--a", "a@b.c"]
    )
)
trees = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text() | scalars, inner))
KEYS = [
    "partner",
    "name",
    "domains",
    "site",
    "contacts",
    "limits",
    "host",
    "mail",
    "languages",
    "php",
    "cpus",
]
known = st.dictionaries(st.sampled_from(KEYS), trees)


@pytest.fixture(scope="module", autouse=True)
def installation() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        global STACKS
        STACKS = written(Path(folder))
        yield STACKS


STACKS: Path


def checked(content: bytes, name: str = "cd.yaml") -> Declaration:
    """Declare with one file more, and make sure of what must be true for any."""
    file = STACKS / name
    file.write_bytes(content)
    declaration = declare(STACKS)
    lines = max(content.count(b"\n") + (not content.endswith(b"\n")), 1)
    for problem in declaration.problems:
        assert LINE.fullmatch(str(problem)), str(problem)
        assert not str(problem).count("Input should"), str(problem)
        if problem.file.name == file.name:
            assert problem.line <= lines
    declared = {*declaration.partners, *declaration.hosts}
    assert (file.stem in declared) != any(problem.file.name == file.name for problem in declaration.problems)
    return declaration


@many
@given(st.text())
@example("\ud7ff\U0010ffff\x00\u2028")
@example("%YAML 9.9\n---\n")
@example("a: !<> b")
@example("? ? ? a")
@example('"\\ud800": 1')
def test_any_text_is_answered(text: str) -> None:
    checked(text.encode("utf-8"))


@many
@given(st.text(alphabet="ab:-? {}[],&*!|>'\"%@`#\n<~0.1\\", max_size=60))
def test_any_text_of_yaml_signs_is_answered(text: str) -> None:
    checked(text.encode("utf-8"))


@many
@given(st.binary())
def test_any_bytes_are_answered(content: bytes) -> None:
    checked(content)


@many
@given(trees | known)
def test_any_yaml_document_is_answered(tree: object) -> None:
    checked(yaml.dump(tree, allow_unicode=True).encode("utf-8", "surrogatepass"))


def paths(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))


def planted(tree: object, path: tuple[str | int, ...], value: object) -> object:
    if not path:
        return value
    tree = copy.copy(tree)
    tree[path[0]] = planted(tree[path[0]], path[1:], value)  # type: ignore[index]
    return tree


def dumped(tree: object) -> bytes:
    return yaml.dump(tree, allow_unicode=True).encode("utf-8", "surrogatepass")


def example_of(kind: str) -> object:
    return yaml.safe_load((EXAMPLES / f"{kind}.yaml").read_text(encoding="utf-8"))


PARTNER, HOST = example_of("partner"), example_of("host")


@many
@given(st.sampled_from(list(paths(PARTNER))), trees | known)
def test_a_partner_with_any_value_anywhere_is_answered(path: tuple[str | int, ...], value: object) -> None:
    checked(dumped(planted(PARTNER, path, value)))


@many
@given(st.sampled_from(list(paths(HOST))), trees)
def test_a_host_with_any_value_anywhere_is_answered(path: tuple[str | int, ...], value: object) -> None:
    checked(dumped(planted(HOST, path, value)), "hosts/example.yaml")
    (STACKS / "hosts" / "example.yaml").unlink()


@many
@given(st.sampled_from(sorted(BAD.glob("*.yaml"))), st.data())
def test_a_file_cut_or_changed_anywhere_is_answered(case: Path, data: st.DataObject) -> None:
    content = case.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    checked(content[:start] + data.draw(st.binary(max_size=4)) + content[end:])


def test_the_files_in_which_things_are_planted_are_well() -> None:
    assert isinstance(PARTNER, dict)
    assert isinstance(PARTNER["contacts"][0]["review"], date)
    assert checked(dumped({**PARTNER, "partner": "cd", "host": "paris"})).problems == ()
    assert LOCAL in (STACKS / "hosts" / "local.yaml").read_text()
