from clearinghouse.declare.host import Host
from clearinghouse.plan.edge import plan_host
from clearinghouse.plan.plan import Container
from tests.plan.partners import a_host


def _edge(host: Host) -> Container:
    return next(container for container in plan_host(host).containers if container.role == "edge")


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
    assert plan_host(host).secrets == ()
    assert [secret.name for secret in plan_host(a_host()).secrets] == ["ca-certificate", "ca-key"]


def test_nothing_of_a_partner_is_in_a_hosts_plan() -> None:
    assert plan_host(a_host()).names == ()
