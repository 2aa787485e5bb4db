from itertools import product
from typing import Any

import pytest

from clearinghouse.declare.problem import Finding
from clearinghouse.declare.quantities import size
from clearinghouse.declare.rules import in_partner
from clearinghouse.plan.planner import plan_partner
from tests.plan.partners import SMARTHOST, WEBMASTERS, a_host, a_partner, parts

MIB = 1024 * 1024
RUNTIMES = {"php": {}, "image": {"image": "a/b:1", "port": 80}}
HELPERS: dict[str, dict[str, Any]] = {
    "egress": {"egress": ["api.example.net:443"]},
    "mail": {"mail": {"senders": ["site@cd.example.org"]}},
}


def _least(**declared: Any) -> int:
    """The least memory that `chm check` takes for a partner."""
    found: list[Finding] = list(in_partner(a_partner(limits={"memory": "64M"}, **declared), "cd"))
    should = next(finding.should for finding in found if finding.key == ("limits", "memory"))
    return size(should.split()[2])


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("database", [None, "mariadb", "postgresql"])
@pytest.mark.parametrize("has_jobs", [False, True])
@pytest.mark.parametrize("helpers", list(product((False, True), repeat=2)))
def test_every_part_has_room_where_the_least_memory_is_declared(
    runtime: str, database: str | None, has_jobs: bool, helpers: tuple[bool, bool]
) -> None:
    cron = [{"schedule": "0 4 * * *", "command": "true"}] if has_jobs else []
    site = {"runtime": runtime, "database": database, "cron": cron, **RUNTIMES[runtime]}
    beside = [keys for keys, is_there in zip(HELPERS.values(), helpers, strict=True) if is_there]
    declared = {key: value for keys in (WEBMASTERS, *beside) for key, value in keys.items()}
    least = _least(site=site, **declared)
    partner = a_partner(site=site, limits={"memory": f"{least // MIB}M"}, **declared)
    running = parts(plan_partner(partner, a_host(mail=SMARTHOST)))
    assert sum(container.memory for container in running) == least
    assert all(container.memory >= 40 * MIB for container in running)
