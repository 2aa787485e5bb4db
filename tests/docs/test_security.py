"""docs/security.md says what the live tests assert."""

import re
from pathlib import Path

from tests.live.attacks import attacks
from tests.live.cis import CHECKS, DEVIATIONS

TEXT = (Path(__file__).parents[2] / "docs/security.md").read_text()


def _rows(table: str) -> list[list[str]]:
    """The rows of a table between its two markers, without its head."""
    found = re.search(rf"<!-- {table} -->\n(.+?)<!-- end of {table} -->", TEXT, re.DOTALL)
    assert found
    lines = found[1].strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_deviation_from_the_cis_benchmark_is_in_the_table_and_no_other() -> None:
    assert _rows("deviations") == [
        [each.number, CHECKS[each.number].title, each.role, each.reason] for each in DEVIATIONS
    ]


def test_every_attack_is_in_the_table_with_what_it_gets() -> None:
    assert [row[:2] for row in _rows("attacks")] == [[each.what, each.gets] for each in attacks()]


def test_in_every_attack_the_neighbour_answered_within_a_second() -> None:
    worst = [int(row[2].removesuffix(" ms")) for row in _rows("attacks")]
    assert len(worst) >= 20
    assert max(worst) < 1000
