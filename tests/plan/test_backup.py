from dataclasses import replace
from typing import Any

import pytest

from clearinghouse.declare.backup import Keep, retention
from clearinghouse.declare.partner import Partner
from clearinghouse.declare.rules import in_partner
from clearinghouse.plan.backup import crontab, uncovered
from clearinghouse.plan.plan import Container, Mount, Plan, Secret, Seed, Volume
from clearinghouse.plan.planner import plan_partner
from clearinghouse.upkeep.retention import Retention
from tests.plan.partners import (
    SMARTHOST,
    WEBMASTERS,
    a_host,
    a_partner,
    a_partner_with_ways_out,
    a_php_partner,
    a_standard_partner,
    an_image_partner,
)

ALL = [
    a_partner(),
    a_php_partner(**WEBMASTERS),
    an_image_partner(),
    a_partner_with_ways_out(**WEBMASTERS),
    a_standard_partner(),
]


def _plan(partner: Partner) -> Plan:
    return plan_partner(partner, a_host(mail=SMARTHOST))


def _one(plan: Plan, role: str) -> Container:
    return next(container for container in plan.containers if container.role == role)


def _without(*excluded: str) -> Partner:
    exclude = [{"data": data, "reason": "It is made anew."} for data in excluded]
    return a_php_partner(backup={"exclude": exclude})


@pytest.mark.parametrize("partner", ALL)
def test_every_data_volume_is_backed_up(partner: Partner) -> None:
    assert uncovered(_plan(partner), partner) == ()


def test_a_volume_that_no_backup_has_is_found() -> None:
    partner = a_php_partner()
    plan = _plan(partner)
    stray = Mount(Volume("chm-cd-stray-g1", "stray", 1), "/stray")
    web = _one(plan, "web")
    others = tuple(container for container in plan.containers if container is not web)
    more = replace(plan, containers=(*others, replace(web, mounts=(*web.mounts, stray))))
    assert uncovered(more, partner) == (stray.source,)


def test_data_is_mounted_read_only_and_where_the_site_has_it() -> None:
    backup = _one(_plan(a_partner_with_ways_out(**WEBMASTERS)), "backup")
    data = {mount.path for mount in backup.mounts if isinstance(mount.source, Volume)}
    assert data == {"/site", "/site/wp-content/uploads", "/access", "/relay"}
    assert all(mount.is_read_only for mount in backup.mounts)
    assert backup.env["BACKUP_PATHS"].split() == ["/relay", "/site", "/access"]


def test_a_database_is_dumped_and_its_files_are_not_copied() -> None:
    backup = _one(_plan(a_php_partner()), "backup")
    assert backup.env["BACKUP_DATABASE"] == "mariadb-10.11"
    assert "database" not in {volume.role for volume in backup.volumes}


def test_a_repository_is_a_folder_of_its_hosts_volume_and_no_partner_mounts_that_whole() -> None:
    plan = _plan(a_php_partner())
    (repository,) = (volume for volume in plan.volumes if volume.role == "repository")
    assert repository.within == "chm-repositories-g1"
    assert "chm-repositories-g1" not in {volume.name for volume in plan.volumes}


def test_the_hosts_key_reaches_the_step_without_a_network_alone() -> None:
    plan = _plan(a_php_partner())
    has_it = {
        container.role
        for container in plan.containers
        for mount in container.mounts
        if isinstance(mount.source, Seed)
        for file in mount.source.files
        if isinstance(file.content, Secret) and file.content.name == "maintenance-password"
    }
    assert has_it == {"keys"}
    assert _one(plan, "keys").networks == ()


def test_the_repository_has_its_client_alone_beside_it_and_no_way_out() -> None:
    plan = _plan(a_php_partner())
    on_it = {c.role for c in plan.containers if any(n.network == "chm-cd-backup" for n in c.networks)}
    assert on_it == {"repository", "backup"}
    assert next(network for network in plan.networks if network.name == "chm-cd-backup").is_internal
    assert [n.network for n in _one(plan, "repository").networks] == ["chm-cd-backup"]


def test_a_backup_is_on_the_partners_network_for_its_database_alone() -> None:
    assert len(_one(_plan(a_php_partner()), "backup").networks) == 2
    assert len(_one(_plan(a_partner()), "backup").networks) == 1
    assert len(_one(_plan(_without("database")), "backup").networks) == 1


def test_a_repository_is_not_on_the_partners_disk() -> None:
    assert [v.role for v in _plan(a_php_partner()).volumes if not v.is_on_disk] == ["repository"]


def test_what_is_excluded_is_not_mounted_nor_missed() -> None:
    partner = _without("site/wp-content/uploads", "database")
    plan = _plan(partner)
    assert {volume.role for volume in _one(plan, "backup").volumes} == {"site"}
    assert uncovered(plan, partner) == ()
    assert "database-backup-password" not in {secret.name for secret in plan.secrets}


def test_a_writable_folder_is_backed_up_also_without_the_code() -> None:
    backup = _one(_plan(_without("site")), "backup")
    assert backup.env["BACKUP_PATHS"] == "/site/wp-content/uploads"


def test_who_has_no_data_has_no_repository() -> None:
    all_of_it = _without("site", "site/wp-content/uploads", "database")
    for partner in (all_of_it, a_standard_partner()):
        assert {"repository", "backup"}.isdisjoint(container.role for container in _plan(partner).containers)


@pytest.mark.parametrize("data", ["relay", "access", "site/other", "wp-content/uploads"])
def test_an_exclusion_of_what_is_not_there_is_refused(data: str) -> None:
    assert [finding.key for finding in in_partner(_without(data), "cd")] == [("backup", "exclude", 0, "data")]


def test_an_exclusion_needs_its_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        a_php_partner(backup={"exclude": [{"data": "site"}]})


def test_backups_of_a_built_site_are_refused() -> None:
    found = list(in_partner(a_standard_partner(backup={"hour": 3}), "ma"))
    assert [finding.key for finding in found] == [("backup",)]


@pytest.mark.parametrize("zone", ["Africa/Kinshasa", "UTC"])
def test_each_partner_has_a_minute_of_its_own_in_its_time_zone(zone: str) -> None:
    lines = [crontab(a_php_partner(code, backup={"time_zone": zone})) for code in ("bj", "bi", "cd")]
    assert all(line.startswith(f"CRON_TZ={zone}\n") for line in lines)
    assert len(set(lines)) == 3


@pytest.mark.parametrize("zone", ["Congo/Kinshasa", "CET+1", "+01:00", 1])
def test_a_time_zone_that_does_not_exist_is_refused(zone: Any) -> None:
    with pytest.raises(ValueError, match="time zone"):
        a_php_partner(backup={"time_zone": zone})


def test_a_repository_may_take_what_is_declared_or_twice_the_disk() -> None:
    size = _one(_plan(a_php_partner(limits={"disk": "1G"})), "repository").env["REPOSITORY_SIZE"]
    assert size == str(2 * 1024**3)
    declared = a_php_partner(backup={"size": "3G"})
    assert _one(_plan(declared), "repository").env["REPOSITORY_SIZE"] == str(3 * 1024**3)


def test_what_is_not_declared_of_retention_follows_the_tiers_policy() -> None:
    assert retention("host-only", Keep(monthly=24)) == Retention(daily=14, weekly=8, monthly=24)
