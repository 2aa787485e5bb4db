import pytest

from clearinghouse.plan.database import kind_of, servers, title
from clearinghouse.plan.drill import plan_drill
from clearinghouse.plan.edge import PLATFORM_IMAGES
from clearinghouse.plan.generations import FIRST, Generations
from clearinghouse.plan.plan import Container, Plan
from clearinghouse.plan.planner import plan_partner
from tests.plan.partners import a_host, a_php_partner


def _database(plan: Plan) -> Container:
    return next(container for container in plan.containers if container.role == "database")


def test_a_database_that_was_upgraded_keeps_its_server_and_its_generation() -> None:
    plan = plan_partner(a_php_partner(), a_host(), Generations({"database": 2}, "mariadb-11.8"))
    assert _database(plan).image == "mariadb-11.8"
    assert [volume.name for volume in plan.volumes if volume.role == "database"] == ["chm-cd-database-g2"]


def test_its_dumps_are_made_for_that_server() -> None:
    for server in ("mariadb-10.11", "mariadb-11.8"):
        plan = plan_partner(a_php_partner(), a_host(), Generations({}, server))
        backup = next(container for container in plan.containers if container.role == "backup")
        assert backup.env["BACKUP_DATABASE"] == server


@pytest.mark.parametrize("other", ["postgresql-17", "mariadb-5.5", ""])
def test_a_server_that_the_declared_kind_has_not_is_as_if_none_were_named(other: str) -> None:
    assert _database(plan_partner(a_php_partner(), a_host(), Generations({}, other))).image == "mariadb-10.11"


def test_a_drill_may_try_a_newer_server() -> None:
    for server in servers("mariadb"):
        assert _database(plan_drill(a_php_partner(), a_host(), database=server)).image == server


def test_every_host_has_every_server() -> None:
    assert {*servers("mariadb"), *servers("postgresql")} <= set(PLATFORM_IMAGES)


def test_a_server_is_called_by_its_kind_and_version() -> None:
    assert (title("mariadb-11.8"), kind_of("mariadb-11.8")) == ("MariaDB 11.8", "mariadb")
    assert (title("postgresql-15"), kind_of("postgresql-15")) == ("PostgreSQL 15", "postgresql")


def test_only_what_is_other_than_before_is_written_down() -> None:
    now = Generations({"site": 2, "database": 3}, "mariadb-11.8")
    assert now.but(Generations({"site": 2, "database": 2}, "mariadb-10.11")) == Generations(
        {"database": 3}, "mariadb-11.8"
    )
    assert now.but(now) == FIRST
