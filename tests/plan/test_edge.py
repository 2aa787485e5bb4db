from clearinghouse.declare.host import Host
from clearinghouse.operate.authority import make_authority
from clearinghouse.plan.edge import plan_host
from clearinghouse.plan.plan import Container, Seed, Volume
from tests.plan.partners import a_host


def _role(host: Host, role: str) -> Container:
    return next(container for container in plan_host(host).containers if container.role == role)


def _edge(host: Host) -> Container:
    return _role(host, "edge")


def _secrets_of(container: Container) -> set[str]:
    seeds = (mount.source for mount in container.mounts if isinstance(mount.source, Seed))
    return {file.name for seed in seeds for file in seed.files}


def test_a_production_host_publishes_80_and_443_on_both_address_families() -> None:
    assert {(p.address, p.published, p.protocol) for p in _edge(a_host()).ports} == {
        (address, *port)
        for address in ("0.0.0.0", "::")
        for port in ((80, "tcp"), (443, "tcp"), (443, "udp"))
    }


def test_the_edge_knows_the_port_that_redirects_name() -> None:
    assert _edge(a_host()).env["CHM_HTTPS_SUFFIX"] == ""
    assert _edge(a_host(ports={"http": 8080, "https": 8443})).env["CHM_HTTPS_SUFFIX"] == ":8443"


def test_an_edge_with_a_public_authority_holds_no_private_key_of_the_installation() -> None:
    host = a_host(tls={"issuer": "acme", "email": "a@example.org"})
    assert "ca-key" not in {secret.name for secret in plan_host(host).secrets}
    names = [secret.name for secret in plan_host(a_host()).secrets]
    assert names == ["ca-certificate", "ca-key", "maintenance-password", "installation-password"]


def test_upkeep_has_no_network_unless_the_second_place_is_elsewhere() -> None:
    here = _role(a_host(), "upkeep")
    assert here.networks == ()
    assert [mount.path for mount in here.mounts if isinstance(mount.source, Volume)] == [
        "/repositories",
        "/memory",
        "/second",
    ]
    place = {"repository": "rest:https://backup.example.org/chm"}
    elsewhere = _role(a_host(second_place=place), "upkeep")
    assert [each.network for each in elsewhere.networks] == ["chm-public"]
    assert elsewhere.env["UPKEEP_SECOND"] == place["repository"]
    assert "second_authority" not in _secrets_of(elsewhere)
    own = _role(a_host(second_place=place | {"authority": make_authority()[0]}), "upkeep")
    assert "second_authority" in _secrets_of(own)
    assert "second-place-access" in {each.name for each in plan_host(a_host(second_place=place)).secrets}


def test_nothing_of_a_partner_is_in_a_hosts_plan() -> None:
    assert plan_host(a_host()).names == ()
