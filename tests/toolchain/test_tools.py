"""The tests of the tools' own Go code, by Go."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_sign_of_life_passes_its_own_tests() -> None:
    done = subprocess.run(
        [ROOT / ".state/bin/go", "test", "./alive"],
        cwd=ROOT / "toolchain/tools",
        env={**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
