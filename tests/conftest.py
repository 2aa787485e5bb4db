"""How `make test` splits the live tests: two halves side by side, each with a lab of its own."""

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_FIRST_HALF = {"test_access", "test_data", "test_outside", "test_runtimes"}
"""Measured: these modules last as long as all the others."""


class Halves(LoadScopeScheduling):
    """Gives each worker one half, in the order in which it was collected."""

    def _split_scope(self, nodeid: str) -> str:
        module = PurePosixPath(nodeid.split("::")[0]).stem
        return "first" if module in _FIRST_HALF else "second"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Halves | None:
    """Take it for `--dist loadscope`; tests that need no engine go wherever a worker is free."""
    return Halves(config, log) if config.getvalue("dist") == "loadscope" else None
