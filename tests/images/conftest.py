"""Fixtures: see the tests."""

from collections.abc import Callable
from typing import Any

import pytest

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner


@pytest.fixture
def host() -> Callable[..., Host]:
    """Make a host, valid and different from the usual one only in what the test names."""

    def make(**changes: Any) -> Host:
        values = {"host": "local", "capacity": {"memory": "4G", "cpus": 2, "disk": "50G"}}
        return Host.model_validate(values | changes)

    return make


@pytest.fixture
def partner() -> Callable[..., Partner]:
    """Make a partner in the same way."""

    def make(site: dict[str, Any] | None = None, **changes: Any) -> Partner:
        values = {
            "partner": "cd",
            "name": {"fr": "Congo"},
            "languages": ["fr"],
            "tier": "host-only",
            "since": 2002,
            "domains": ["cd.example", "www.cd.example"],
            "host": "local",
            "contacts": [
                {
                    "role": "technical",
                    "name": "A. Person",
                    "email": "a@cd.example",
                    "consent": True,
                    "review": "2030-01-01",
                }
            ],
            "site": site or {"runtime": "static"},
        }
        return Partner.model_validate(values | changes)

    return make
