"""How `make test` splits the live tests: lanes side by side, each with a lab of its own."""

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_LANES = (
    {"test_access", "test_data", "test_limits", "test_outside", "test_runtimes", "test_upgrade"},
    {"test_backup", "test_second_place", "test_standard_site", "test_in_place"},
)
"""Modules that last long; all others are one more lane."""


class Lanes(LoadScopeScheduling):
    """Gives each worker one lane, in the order in which it was collected."""

    def _split_scope(self, nodeid: str) -> str:
        module = PurePosixPath(nodeid.split("::")[0]).stem
        return str(next((number for number, lane in enumerate(_LANES) if module in lane), len(_LANES)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes | None:
    """Take it for `--dist loadscope`; tests that need no engine go wherever a worker is free."""
    return Lanes(config, log) if config.getvalue("dist") == "loadscope" else None
