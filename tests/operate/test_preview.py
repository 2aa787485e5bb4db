from typing import Any

import pytest

from clearinghouse.operate.preview import sentences
from clearinghouse.plan.plan import Plan
from clearinghouse.plan.planner import plan_partner
from tests.plan.partners import a_host, a_php_partner

PLAN: Plan = plan_partner(a_php_partner(), a_host())


def step(
    op: str, name: str, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A step of Pulumi's preview for a container, with the inputs that change."""
    changed = {key: {} for key in (new or {}) if (old or {}).get(key) != (new or {})[key]}
    return {
        "op": op,
        "urn": f"urn:pulumi:cd::clearinghouse::x:Tier$docker:index/container:Container::chm-cd-{name}",
        "oldState": {"inputs": old or {}},
        "newState": {"inputs": new or {}},
        "detailedDiff": changed,
    }


def disk(size: str) -> dict[str, Any]:
    return {"labels": [{"label": "be.clearinghouse.disk", "value": size}]}


def told(*steps: dict[str, Any], grows_in_use: bool = True) -> tuple[str, ...]:
    return sentences(PLAN, list(steps), grows_in_use=grows_in_use)


def test_no_change_is_said() -> None:
    assert told(step("same", "web"), step("refresh", "app")) == ("nothing changes",)


def test_new_configuration_alone_restarts_nothing() -> None:
    assert told(step("replace", "web-config-seed")) == ("nothing restarts",)


def test_memory_changes_in_place_and_is_said_once() -> None:
    old, new = {"memory": 316, "memorySwap": 316}, {"memory": 374, "memorySwap": 374}
    assert told(step("update", "database", old, new)) == (
        "database: memory 316M -> 374M in place, restarts nothing",
    )


@pytest.mark.parametrize(
    ("role", "how"),
    [("web", "the new one first: no request is lost"), ("database", "the old one first: a short break")],
)
def test_who_is_replaced_says_which_comes_first(role: str, how: str) -> None:
    assert told(step("replace", role, {"image": "a"}, {"image": "b"})) == (
        f"{role}: replaced (image), {how}",
    )


def test_a_larger_disk_restarts_nothing_where_it_grows_in_use() -> None:
    assert told(step("replace", "prepare", disk("1G"), disk("2G"))) == (
        "disk: 1G -> 2G in use, restarts nothing",
    )


def test_a_larger_disk_stops_the_partner_where_it_does_not() -> None:
    (sentence,) = told(step("replace", "prepare", disk("1G"), disk("2G")), grows_in_use=False)
    assert sentence.startswith("disk: 1G -> 2G; the engine of local cannot enlarge a disk in use")
    assert sentence.endswith("every container of cd is stopped and started again")


def test_what_is_new_and_what_goes_is_said() -> None:
    assert told(step("create", "web"), step("delete", "access"), step("create", "prepare")) == (
        "web: started new",
        "access: ended and removed",
        "prepare: runs once, restarts nothing",
    )


def test_a_data_volume_that_is_used_no_more_is_kept() -> None:
    volume = step("delete", "site-g1")
    volume["urn"] = volume["urn"].replace("container:Container", "volume:Volume")
    assert told(volume) == ("data volume chm-cd-site-g1: kept, and used no more",)
