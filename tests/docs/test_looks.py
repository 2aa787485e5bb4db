"""The page of pictures."""

import re

from clearinghouse.installation import root

DOCS = root() / "docs"


def test_every_picture_is_there_and_every_one_that_is_there_is_shown() -> None:
    shown = re.findall(r"\((pictures/site/[^)]+)\)", (DOCS / "looks.md").read_text())
    there = sorted(path.relative_to(DOCS).as_posix() for path in (DOCS / "pictures/site").iterdir())
    assert sorted(shown) == there
    assert len(there) == 4 * 3 * 2 * 2


def test_all_pictures_together_are_light() -> None:
    assert sum(path.stat().st_size for path in (DOCS / "pictures/site").iterdir()) < 3_000_000
