"""`make demo` on a machine where nothing ran before, then once more."""

import pytest

from tests.live.conftest import Demo

pytestmark = pytest.mark.live


def test_it_ends_with_all_its_partners_serving(demo: Demo) -> None:
    table = demo.first.well().output
    for partner, tier in (("bj", "standard-site"), ("cd", "host-only"), ("ma", "standard-site")):
        line = next(line for line in table.splitlines() if f"│ {partner} " in line)
        assert tier in line
        assert f"https://{partner}.chm.localhost:8443/" in line
        assert "serving" in line


def test_a_second_one_changes_nothing(demo: Demo) -> None:
    output = demo.second.well().output
    assert [
        line.split(": ", 1)[1].split(" (")[0] for line in output.splitlines() if line.startswith("✓ up ")
    ] == ["nothing to change"] * 4


def test_long_steps_say_what_they_do_and_for_how_long(demo: Demo) -> None:
    print(f"first make demo: {demo.first.seconds:.0f} s, second: {demo.second.seconds:.1f} s")
    assert "✓ up host-local: " in demo.first.output
    assert " s)" in demo.first.output
