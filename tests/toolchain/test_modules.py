"""Our own Go code passes its own tests, run by Go."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "packages",
    [
        "tools/alive",
        "caddy/batched",
        "caddy/beneath",
        "caddy/sitename",
        "caddy/storedcertificate",
        "caddy/webs",
    ],
)
def test_a_package_passes_its_own_tests(packages: str) -> None:
    module, package = packages.split("/")
    done = subprocess.run(
        [ROOT / ".state/bin/go", "test", f"./{package}"],
        cwd=ROOT / "toolchain" / module,
        env={**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
