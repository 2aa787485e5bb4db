import pytest

from clearinghouse.errors import Trouble
from clearinghouse.plan.plan import Container, Plan, Volume
from clearinghouse.plan.planner import plan_partner
from tests.plan.partners import WEBMASTERS, a_host, a_partner, a_php_partner

MIB = 1024 * 1024


def _roles(plan: Plan) -> list[str]:
    return [container.role for container in plan.containers]


def _one(plan: Plan, role: str) -> Container:
    return next(container for container in plan.containers if container.role == role)


def test_a_static_site_needs_only_a_web() -> None:
    assert _roles(plan_partner(a_partner(), a_host())) == ["prepare", "web"]


def test_a_php_site_with_a_database_starts_database_then_app_then_web() -> None:
    plan = plan_partner(a_php_partner(), a_host())
    assert _roles(plan) == ["prepare", "database", "app", "web"]
    assert _one(plan, "app").after == ("database",)
    assert _one(plan, "web").after == ("app",)


def test_the_edge_finds_the_web_under_each_domain() -> None:
    web = _one(plan_partner(a_partner(), a_host()), "web")
    edge = next(each for each in web.networks if each.network == "chm-edge")
    assert edge.aliases == ("cd.example.org.web.internal", "www.cd.example.org.web.internal")


def test_only_web_is_on_the_edge_network() -> None:
    plan = plan_partner(a_php_partner(), a_host())
    on_edge = [c.role for c in plan.containers if any(n.network == "chm-edge" for n in c.networks)]
    assert on_edge == ["web"]


def test_php_cannot_change_code_but_its_uploads() -> None:
    app = _one(plan_partner(a_php_partner(), a_host()), "app")
    assert {m.path for m in app.mounts if not m.is_read_only} == {"/site/wp-content/uploads"}


def test_web_changes_nothing() -> None:
    web = _one(plan_partner(a_php_partner(), a_host()), "web")
    assert all(mount.is_read_only for mount in web.mounts)


def test_web_holds_no_secret() -> None:
    web = _one(plan_partner(a_php_partner(), a_host()), "web")
    assert all(mount.path != "/run/secrets" for mount in web.mounts)


def test_the_plan_names_its_secrets_and_knows_no_value() -> None:
    assert [secret.name for secret in plan_partner(a_php_partner(), a_host()).secrets] == [
        "database-password"
    ]
    assert plan_partner(a_partner(), a_host()).secrets == ()


def test_every_volume_is_a_generation_of_the_partner() -> None:
    plan = plan_partner(a_php_partner(), a_host(), {"site": 3})
    assert {volume.name for volume in plan.volumes} == {
        "chm-cd-site-g3",
        "chm-cd-writable-wp-content-uploads-734519-g1",
        "chm-cd-database-g1",
    }


@pytest.mark.parametrize(
    "paths",
    [["site"], ["database"], ["a/b", "a-b"], ["A", "a"], ["_"], ["a", "a_", "a-"], ["g1", "web-config"]],
)
def test_no_writable_path_shares_a_volume_with_anything(paths: list[str]) -> None:
    site = {"runtime": "php", "database": "mariadb", "writable": paths}
    plan = plan_partner(a_partner(site=site), a_host())
    mounted = [mount.source for mount in _one(plan, "app").mounts if isinstance(mount.source, Volume)]
    assert len({volume.name for volume in mounted}) == 1 + len(paths)
    assert "chm-cd-database-g1" not in {volume.name for volume in mounted}


def test_every_volume_is_prepared_before_anything_runs() -> None:
    plan = plan_partner(a_php_partner(**WEBMASTERS), a_host())
    prepared = {mount.source for mount in _one(plan, "prepare").mounts}
    assert prepared == set(plan.volumes)


@pytest.mark.parametrize("memory", ["432M", "512M", "1G", "1537M"])
def test_the_parts_of_a_partner_add_up_to_its_memory(memory: str) -> None:
    partner = a_php_partner(limits={"memory": memory}, **WEBMASTERS)
    served = [c for c in plan_partner(partner, a_host()).containers if not c.runs_once]
    assert sum(container.memory for container in served) == partner.limits.memory
    assert all(container.memory >= 48 * MIB for container in served)


def test_only_the_step_that_prepares_volumes_and_access_are_weakened_and_say_why() -> None:
    plan = plan_partner(a_php_partner(**WEBMASTERS), a_host())
    weakened = [container for container in plan.containers if container.capabilities or container.weakened]
    assert [(c.role, c.capabilities) for c in weakened] == [
        ("prepare", ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID")),
        ("access", ("SETGID", "SETUID", "SYS_CHROOT")),
    ]
    assert "no network" in weakened[0].weakened
    assert weakened[0].networks == ()
    assert "no session can read the host key" in weakened[1].weakened


def test_nothing_but_these_runs_as_root() -> None:
    plan = plan_partner(a_php_partner(**WEBMASTERS), a_host())
    assert [c.role for c in plan.containers if c.user.startswith("0:")] == ["prepare", "access"]


@pytest.mark.parametrize("tier", ["standard-site", "mirror"])
def test_a_tier_of_a_later_release_is_refused_by_name(tier: str) -> None:
    with pytest.raises(Trouble, match=tier):
        plan_partner(a_partner(tier=tier), a_host())
