from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clearinghouse.declare.partner import Partner
from clearinghouse.operate.coverage import Mounted, Saved, unmounted, unsaved
from clearinghouse.plan.plan import Mount, Plan, Volume
from clearinghouse.plan.planner import plan_partner
from clearinghouse.upkeep.runs import Run, runs_in
from tests.plan.partners import WEBMASTERS, a_host, a_partner, a_php_partner, a_standard_partner

UPLOADS = "writable-wp-content-uploads"
ALL = frozenset({"/site", "/site/wp-content/uploads", "/access", "/database.sql"})


@pytest.fixture
def partner() -> Partner:
    return a_php_partner(**WEBMASTERS)


@pytest.fixture
def plan(partner: Partner) -> Plan:
    return plan_partner(partner, a_host())


def _mounted(plan: Plan) -> list[Mounted]:
    """What the containers have when all is as planned."""
    return [
        Mounted(f"chm-cd-{container.role}", container.role, mount.source.name, mount.path)
        for container in plan.containers
        if not container.runs_once
        for mount in container.mounts
        if isinstance(mount.source, Volume)
    ]


def _run(*parts: str) -> Run:
    """A whole run of these parts."""
    run, when = "run-20270131T021700Z-1a2b", "2027-01-31T02:17:00Z"
    ids = {part: f"{number:064x}" for number, part in enumerate(parts, 1)}
    record = {"id": "f" * 64, "time": when, "tags": [run, "record", *(f"{p}={i}" for p, i in ids.items())]}
    saved = [{"id": ids[part], "time": when, "tags": [run, part]} for part in parts]
    (found,) = runs_in([*saved, record], datetime(2027, 2, 1, tzinfo=UTC))
    assert found.is_whole
    return found


@pytest.mark.parametrize("partner", [a_partner(), a_php_partner(**WEBMASTERS), a_standard_partner()])
def test_nothing_is_missing_where_all_is_as_planned(partner: Partner) -> None:
    plan = plan_partner(partner, a_host())
    assert list(unmounted(plan, partner, _mounted(plan), [])) == []


def test_configuration_secrets_and_tools_need_no_backup(partner: Partner, plan: Plan) -> None:
    config = Mounted("chm-cd-web-1", "web", "chm-cd-web-config-1a2b", "/config")
    assert list(unmounted(plan, partner, [*_mounted(plan), config], [config.source])) == []
    (told,) = unmounted(plan, partner, [*_mounted(plan), config], [])
    assert "chm-cd-web-1 has chm-cd-web-config-1a2b at /config, which is in no backup" in told


def test_a_volume_that_nobody_planned_is_named_with_its_container(partner: Partner, plan: Plan) -> None:
    by_hand = Mounted("wiki", "", "wiki-data", "/data")
    (told,) = unmounted(plan, partner, [*_mounted(plan), by_hand], [])
    assert "wiki has wiki-data at /data, which is in no backup, and is not of the plan" in told
    assert "`docker rm --force wiki`" in told


def test_a_folder_of_the_host_in_a_container_of_the_plan_is_named(partner: Partner, plan: Plan) -> None:
    folder = Mounted("chm-cd-app-1", "app", "/srv/files", "/site/files")
    (told,) = unmounted(plan, partner, [*_mounted(plan), folder], [])
    assert "chm-cd-app-1 has /srv/files at /site/files" in told
    assert "`chm up cd`" in told


def test_another_generation_is_not_the_one_that_is_backed_up(partner: Partner, plan: Plan) -> None:
    old = Mounted("chm-cd-database", "database", "chm-cd-database-g7", "/var/lib/mysql")
    (told,) = unmounted(plan, partner, [*_mounted(plan), old], [])
    assert "chm-cd-database-g7" in told


def test_a_volume_that_the_backup_lacks_is_named(partner: Partner, plan: Plan) -> None:
    less = [each for each in _mounted(plan) if not (each.role == "backup" and UPLOADS in each.source)]
    (told,) = unmounted(plan, partner, less, [])
    assert f"does not have the volume chm-cd-{UPLOADS}" in told
    assert "at /site/wp-content/uploads" in told


def test_a_backup_that_does_not_run_is_one_sentence(partner: Partner, plan: Plan) -> None:
    less = [each for each in _mounted(plan) if each.role != "backup"]
    assert list(unmounted(plan, partner, less, [])) == [
        "its container backup does not run; `chm up cd` starts it"
    ]


def test_a_volume_that_the_plan_has_in_no_backup_is_named(partner: Partner, plan: Plan) -> None:
    web, *others = plan.containers
    stray = Mount(Volume("chm-cd-stray-g1", "stray", 1), "/stray")
    more = replace(plan, containers=(*others, replace(web, mounts=(*web.mounts, stray))))
    (told,) = unmounted(more, partner, _mounted(plan), [])
    assert "chm-cd-stray-g1" in told


def test_a_run_with_everything_lacks_nothing(plan: Plan) -> None:
    assert list(unsaved(plan, Saved(_run("files", "database"), ALL))) == []


def test_a_folder_that_a_run_lacks_is_named_with_its_volume(plan: Plan) -> None:
    (told,) = unsaved(plan, Saved(_run("files", "database"), ALL - {"/site/wp-content/uploads"}))
    assert f"lacks /site/wp-content/uploads, the volume chm-cd-{UPLOADS}" in told
    assert "`chm backup now cd`" in told


def test_a_run_without_the_database_is_named(plan: Plan) -> None:
    (told,) = unsaved(plan, Saved(_run("files"), ALL))
    assert "run-20270131T021700Z-1a2b has no database" in told


def test_what_is_excluded_is_not_missed() -> None:
    exclude = [{"data": data, "reason": "It is made anew."} for data in ("database", "site")]
    partner = a_php_partner(backup={"exclude": exclude})
    plan = plan_partner(partner, a_host())
    assert list(unmounted(plan, partner, _mounted(plan), [])) == []
    assert list(unsaved(plan, Saved(_run("files"), frozenset({"/site/wp-content/uploads"})))) == []
