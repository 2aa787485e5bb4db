"""Each file in bad/ is wrong in the way that its name says; beside it is what `chm check` says to that."""

import shutil
from pathlib import Path

import pytest

from clearinghouse.declare.load import declare

BAD = Path(__file__).parent / "bad"
PARTNERS = sorted(BAD.glob("*.yaml"))
HOSTS = sorted(BAD.glob("hosts/*.yaml"))


def told(stacks: Path) -> str:
    return "".join(f"{problem}\n" for problem in declare(stacks).problems)


@pytest.mark.parametrize("case", PARTNERS, ids=lambda case: case.stem)
def test_a_bad_partner_is_refused_with_the_expected_lines(case: Path, stacks: Path) -> None:
    shutil.copy(case, stacks / "cd.yaml")
    assert told(stacks) == case.with_suffix(".expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", HOSTS, ids=lambda case: case.stem)
def test_a_bad_host_is_refused_with_the_expected_lines(case: Path, stacks: Path) -> None:
    shutil.copy(case, stacks / "hosts" / "local.yaml")
    assert told(stacks) == case.with_suffix(".expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", PARTNERS, ids=lambda case: case.stem)
def test_a_bad_partner_is_not_declared_and_others_still_are(case: Path, stacks: Path) -> None:
    shutil.copy(case, stacks / "cd.yaml")
    declaration = declare(stacks)
    assert "cd" not in declaration.partners
    assert "local" in declaration.hosts


def test_there_are_many_cases_and_each_expects_something() -> None:
    expected = [case.with_suffix(".expected").read_text(encoding="utf-8") for case in PARTNERS + HOSTS]
    assert len(expected) >= 60
    assert all(expected)


def test_what_is_expected_belongs_to_a_case() -> None:
    assert {file.with_suffix(".yaml") for file in BAD.rglob("*.expected")} == {*PARTNERS, *HOSTS}
