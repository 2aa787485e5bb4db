"""The W3C's checker finds no error in any page or style sheet."""

import subprocess
from pathlib import Path


def test_the_checker_finds_no_error(folder: Path, vnu: Path) -> None:
    pages = [str(path) for path in sorted(folder.rglob("*.html")) if "pagefind" not in path.parts]
    done = subprocess.run(
        ["java", "-jar", str(vnu), "--errors-only", "--format", "gnu", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(pages) > 50
