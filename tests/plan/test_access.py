from clearinghouse.plan.access import HEALTH
from clearinghouse.plan.plan import Container, Plan, Seed
from clearinghouse.plan.planner import plan_partner
from tests.plan.partners import KEY, WEBMASTERS, a_host, a_partner, a_php_partner


def _plan() -> Plan:
    return plan_partner(a_php_partner(**WEBMASTERS), a_host())


def _access() -> Container:
    return next(container for container in _plan().containers if container.role == "access")


def _keys(container: Container) -> Seed:
    return next(mount.source for mount in container.mounts if isinstance(mount.source, Seed))


def test_a_partner_without_webmasters_has_no_access() -> None:
    plan = plan_partner(a_php_partner(), a_host())
    assert "access" not in [container.role for container in plan.containers]
    assert [network.name for network in plan.networks] == ["chm-cd", "chm-cd-backup"]


def test_webmasters_come_in_on_every_address_of_the_host() -> None:
    assert [(port.address, port.published, port.internal) for port in _access().ports] == [
        ("0.0.0.0", 2201, 22),
        ("::", 2201, 22),
    ]


def test_access_is_on_no_network_with_anything_else() -> None:
    others = [container for container in _plan().containers if container.role != "access"]
    assert [attachment.network for attachment in _access().networks] == ["chm-cd-access"]
    assert all(each.network != "chm-cd-access" for container in others for each in container.networks)


def test_all_of_the_site_can_be_changed_and_nothing_else_is_in_the_jail() -> None:
    in_jail = [mount for mount in _access().mounts if mount.path.startswith("/jail/")]
    assert {mount.path for mount in in_jail} == {"/jail/site", "/jail/site/wp-content/uploads"}
    assert not any(mount.is_read_only for mount in in_jail)


def test_the_host_key_outlives_the_container_and_is_out_of_the_jail() -> None:
    mount = next(mount for mount in _access().mounts if mount.path == "/host-key")
    assert mount.source in _plan().volumes
    assert mount.source.role == "access"


def test_a_line_for_each_webmaster_bears_the_name_and_allows_nothing_more() -> None:
    file = _keys(_access()).files[0]
    assert (file.name, file.content) == ("authorized_keys", f"restrict {KEY} Awa Somebody\n")


def test_the_keys_are_readable_by_sessions_and_changeable_by_none() -> None:
    keys = _keys(_access())
    assert (keys.owner, keys.mode) == (0, "0440")


def test_access_app_and_web_are_of_one_uid_over_the_files() -> None:
    users = {c.role: c.user for c in _plan().containers if c.role in ("app", "web")}
    assert set(users.values()) == {"2002:2000"}


def test_a_static_site_has_webmasters_as_well() -> None:
    plan = plan_partner(a_partner(**WEBMASTERS), a_host())
    assert [container.role for container in plan.containers] == [
        "prepare",
        "web",
        "access",
        "keys",
        "repository",
        "backup",
    ]


def test_health_is_that_port_22_listens() -> None:
    assert HEALTH[2].startswith(":0016 ")
