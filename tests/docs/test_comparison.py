"""docs/comparison.md says of the others only what it has a source for, and names them all."""

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs/comparison.md").read_text(encoding="utf-8")


def _between(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.+?)<!-- end of {name} -->", TEXT, re.DOTALL)
    assert found
    return found[1]


def _rows() -> list[list[str]]:
    lines = _between("comparison").strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_cell_about_another_has_a_source_or_says_that_it_is_not_known() -> None:
    without = re.compile(r"\[[BNG][0-9]+\]|unknown|not measured|none found")
    assert len(_rows()) > 25
    assert [row for row in _rows() if len(row) != 5] == []
    assert [(row[0], cell) for row in _rows() for cell in row[2:] if not without.search(cell)] == []


def test_a_column_cites_sources_of_its_own_tool() -> None:
    for row in _rows():
        assert [
            set(re.findall(r"\[([BNG])[0-9]+\]", cell)) - {own}
            for cell, own in zip(row[2:], "BNG", strict=True)
        ] == [
            set(),
            set(),
            set(),
        ], row[0]


def test_every_source_is_used_and_every_one_used_is_named() -> None:
    named = re.findall(r"^- ([BNG][0-9]+):", _between("sources"), re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(re.findall(r"\[([BNG][0-9]+)\]", TEXT)) == set(named)
