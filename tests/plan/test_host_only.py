import pytest

from clearinghouse.errors import Trouble
from clearinghouse.plan.cron import crontab
from clearinghouse.plan.database import servers
from clearinghouse.plan.generations import Generations
from clearinghouse.plan.plan import Container, PartnerImage, Plan, Volume
from clearinghouse.plan.planner import plan_partner
from tests.plan.partners import WEBMASTERS, a_host, a_partner, a_php_partner, an_image_partner, parts

MIB = 1024 * 1024
BACKUPS = ["keys", "repository", "backup"]


def _roles(plan: Plan) -> list[str]:
    return [container.role for container in plan.containers]


def _one(plan: Plan, role: str) -> Container:
    return next(container for container in plan.containers if container.role == role)


def test_a_static_site_needs_only_a_web() -> None:
    assert _roles(plan_partner(a_partner(), a_host())) == ["prepare", "web", *BACKUPS]


def test_a_php_site_with_a_database_starts_database_then_app_then_web() -> None:
    plan = plan_partner(a_php_partner(), a_host())
    assert _roles(plan) == ["prepare", "database", "app", "web", *BACKUPS]
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


def test_a_partners_own_image_is_as_hardened_and_finds_the_same_files_as_php() -> None:
    app = _one(plan_partner(an_image_partner(writable=["wp-content/uploads"]), a_host()), "app")
    php = _one(plan_partner(a_php_partner(), a_host()), "app")
    assert app.image == PartnerImage("registry.example.org/cd/site:2.1")
    assert (app.user, app.networks, app.capabilities) == (php.user, php.networks, ())
    assert [m for m in app.mounts if m.path.startswith("/site")] == [
        m for m in php.mounts if m.path.startswith("/site")
    ]


def test_a_partners_own_image_knows_its_port_and_database_and_no_password() -> None:
    app = _one(plan_partner(an_image_partner(), a_host()), "app")
    assert dict(app.env) == {
        "DATABASE_HOST": "database",
        "DATABASE_NAME": "site",
        "DATABASE_PASSWORD_FILE": "/run/secrets/database_password",
        "DATABASE_USER": "site",
        "HOME": "/tmp",
        "PORT": "8000",
    }


def test_the_health_of_an_image_is_asked_at_the_declared_page_and_by_the_sites_name() -> None:
    app = _one(plan_partner(an_image_partner(), a_host()), "app")
    assert app.health == ("/tools/alive", "127.0.0.1:8000", "cd.example.org", "/status")


@pytest.mark.parametrize(
    ("kind", "home"), [("mariadb", "/var/lib/mysql"), ("postgresql", "/var/lib/postgresql")]
)
def test_the_database_is_of_the_declared_kind(kind: str, home: str) -> None:
    database = _one(plan_partner(a_partner(site={"runtime": "php", "database": kind}), a_host()), "database")
    assert database.image == servers(kind)[0]
    assert [mount.path for mount in database.mounts if not mount.is_read_only] == [home]


def _with_jobs(**changes: object) -> Plan:
    site = {"runtime": "php", "cron": [{"schedule": "*/5 * * * *", "command": "php job.php"}]}
    return plan_partner(a_partner(site=site | changes), a_host())


def test_jobs_run_as_the_app_does_under_no_name_of_its_own() -> None:
    for plan in (plan_partner(an_image_partner(), a_host()), _with_jobs(database="mariadb")):
        app, cron = _one(plan, "app"), _one(plan, "cron")
        assert (cron.image, cron.user, cron.env) == (app.image, app.user, app.env)
        assert set(app.mounts) <= set(cron.mounts)
        assert [(n.network, n.aliases) for n in cron.networks] == [(n.network, ()) for n in app.networks]
        assert cron.processes == app.processes


def test_jobs_never_run_in_two_containers_at_a_time_and_change_only_when_the_app_is_well() -> None:
    cron = _one(_with_jobs(), "cron")
    assert (cron.replacement, cron.after) == ("delete-first", ("app",))


def test_changed_jobs_change_nothing_else() -> None:
    before, after = _with_jobs(), _with_jobs(cron=[{"schedule": "1 2 * * *", "command": "php other.php"}])
    changed = [c.role for c in before.containers if c != _one(after, c.role)]
    assert changed == ["cron"]


def test_a_site_without_jobs_has_no_cron() -> None:
    assert _roles(_with_jobs(cron=[])) == ["prepare", "app", "web", *BACKUPS]
    assert _roles(_with_jobs()) == ["prepare", "app", "cron", "web", *BACKUPS]


@pytest.mark.parametrize(("runtime", "shell"), [("php", "/bin/sh"), ("image", "/tools/sh")])
def test_a_crontab_has_all_seven_fields_in_utc_and_the_shell_that_is_there(runtime: str, shell: str) -> None:
    cron = [{"schedule": "*/15 3 * * sun", "command": "2026 is no year"}]
    partner = (
        an_image_partner(cron=cron)
        if runtime == "image"
        else a_partner(site={"runtime": "php", "cron": cron})
    )
    assert partner.site is not None
    assert crontab(partner.site).splitlines()[1:] == [
        f"SHELL={shell}",
        "CRON_TZ=UTC",
        "0 */15 3 * * sun * 2026 is no year",
    ]


def test_web_changes_nothing() -> None:
    web = _one(plan_partner(a_php_partner(), a_host()), "web")
    assert all(mount.is_read_only for mount in web.mounts)


def test_web_holds_no_secret() -> None:
    web = _one(plan_partner(a_php_partner(), a_host()), "web")
    assert all(mount.path != "/run/secrets" for mount in web.mounts)


def test_the_plan_names_its_secrets_and_knows_no_value() -> None:
    assert [secret.name for secret in plan_partner(a_php_partner(), a_host()).secrets] == [
        "database-password",
        "database-backup-password",
        "repository-password",
        "maintenance-password",
        "repository-http-password",
    ]
    assert [secret.name for secret in plan_partner(a_partner(), a_host()).secrets] == [
        "repository-password",
        "maintenance-password",
        "repository-http-password",
    ]


def test_every_volume_is_a_generation_of_the_partner() -> None:
    plan = plan_partner(a_php_partner(), a_host(), Generations({"site": 3}))
    assert {volume.name for volume in plan.volumes} == {
        "chm-cd-site-g3",
        "chm-cd-writable-wp-content-uploads-734519-g1",
        "chm-cd-database-g1",
        "chm-cd-repository-g1",
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
    plan = plan_partner(an_image_partner(), a_host())
    prepared = {mount.source for mount in _one(plan, "prepare").mounts}
    assert prepared == set(plan.volumes)


@pytest.mark.parametrize("memory", ["432M", "512M", "1G", "1537M"])
def test_the_parts_of_a_partner_add_up_to_its_memory(memory: str) -> None:
    partner = a_php_partner(limits={"memory": memory}, **WEBMASTERS)
    served = parts(plan_partner(partner, a_host()))
    assert sum(container.memory for container in served) == partner.limits.memory
    assert all(container.memory >= 48 * MIB for container in served)


@pytest.mark.parametrize(
    ("site", "memory"),
    [
        ({"runtime": "image", "image": "a/b:1", "port": 80}, "176M"),
        ({"runtime": "php", "cron": [{"schedule": "* * * * *", "command": "true"}]}, "256M"),
    ],
)
def test_every_part_has_memory_where_the_least_is_declared(site: dict[str, object], memory: str) -> None:
    plan = plan_partner(a_partner(site=site, limits={"memory": memory}), a_host())
    assert all(container.memory >= 48 * MIB for container in plan.containers if not container.runs_once)


def test_only_the_step_that_prepares_volumes_access_and_backup_are_weakened_and_say_why() -> None:
    plan = plan_partner(a_php_partner(**WEBMASTERS), a_host())
    weakened = [container for container in plan.containers if container.capabilities or container.weakened]
    assert [(c.role, c.capabilities) for c in weakened] == [
        ("prepare", ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID")),
        ("access", ("SETGID", "SETUID", "SYS_CHROOT")),
        ("backup", ("DAC_OVERRIDE",)),
    ]
    assert "no network" in weakened[0].weakened
    assert weakened[0].networks == ()
    assert "no session can read the host key" in weakened[1].weakened
    assert "read-only" in weakened[2].weakened


def test_nothing_but_these_runs_as_root() -> None:
    plan = plan_partner(a_php_partner(**WEBMASTERS), a_host())
    assert [c.role for c in plan.containers if c.user.startswith("0:")] == ["prepare", "access", "backup"]


def test_a_tier_of_a_later_release_is_refused_by_name() -> None:
    with pytest.raises(Trouble, match="mirror"):
        plan_partner(a_partner(tier="mirror"), a_host())
