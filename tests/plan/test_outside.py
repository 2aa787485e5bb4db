"""What leaves a site: the plan of its proxy and relay, and what their configurations say."""

import pytest

from clearinghouse.declare.partner import Partner
from clearinghouse.errors import Trouble
from clearinghouse.plan.plan import Container, File, Plan, Seed
from clearinghouse.plan.planner import plan_partner
from clearinghouse.plan.proxy_config import squid_conf
from tests.plan.partners import SMARTHOST, WEBMASTERS, a_host, a_partner_with_ways_out, a_php_partner, parts

CLIENTS = "10.200.3.112/28"


def _plan(**changes: object) -> Plan:
    return plan_partner(a_partner_with_ways_out(**changes), a_host(mail=SMARTHOST))


def _one(plan: Plan, role: str) -> Container:
    return next(container for container in plan.containers if container.role == role)


def _file(container: Container) -> str:
    """The text of its one configuration file."""
    seeds = [mount.source for mount in container.mounts if isinstance(mount.source, Seed)]
    (file,) = seeds[0].files
    assert isinstance(file, File)
    assert isinstance(file.content, str)
    return file.content


def _seeds(plan: Plan) -> dict[str, Seed]:
    return {seed.role: seed for seed in plan.seeds}


def test_who_declares_neither_has_neither() -> None:
    plan = plan_partner(a_php_partner(), a_host(mail=SMARTHOST))
    assert {"proxy", "relay"}.isdisjoint(container.role for container in plan.containers)
    assert [network.name for network in plan.networks] == ["chm-cd", "chm-cd-backup"]


@pytest.mark.parametrize(("left_out", "left"), [("egress", "relay"), ("mail", "proxy")])
def test_who_declares_one_has_that_one(left_out: str, left: str) -> None:
    plan = _plan(**{left_out: () if left_out == "egress" else None})
    assert {"proxy", "relay"} & {container.role for container in plan.containers} == {left}
    assert [network.name for network in plan.networks] == ["chm-cd", "chm-cd-outside", "chm-cd-backup"]


def test_only_proxy_and_relay_are_on_the_network_that_leads_outside() -> None:
    plan = _plan()
    assert [n.name for n in plan.networks if not n.is_internal] == ["chm-cd-outside"]
    outside = [c.role for c in plan.containers if any(n.network == "chm-cd-outside" for n in c.networks)]
    assert outside == ["proxy", "relay"]


def test_networks_of_different_purposes_are_apart() -> None:
    assert len({network.subnet for network in _plan().networks}) == 3


def test_the_site_is_told_where_both_are() -> None:
    env = _one(_plan(), "app").env
    assert env["https_proxy"] == env["http_proxy"] == "http://proxy:3128"
    assert "database" in env["no_proxy"].split(",")
    assert (env["MAIL_HOST"], env["MAIL_PORT"], env["MAIL_FROM"]) == ("relay", "25", "site@cd.example.org")


def test_a_visitor_cannot_choose_the_proxy() -> None:
    assert "HTTP_PROXY" not in _one(_plan(), "app").env


def test_another_destination_changes_only_the_proxy() -> None:
    before, after = (
        _plan(),
        _plan(egress=["api.example.net:443", "more.example.net:80"]),
    )
    changed = [role for role, seed in _seeds(before).items() if _seeds(after)[role] != seed]
    assert changed == ["proxy-config"]
    assert _one(before, "app") == _one(after, "app")


def test_another_sender_or_rate_changes_only_the_relay() -> None:
    senders = ["site@cd.example.org", "news@cd.example.org", "shop@cd.example.org"]
    before, after = _plan(), _plan(mail={"senders": senders, "per_hour": 99})
    changed = [role for role, seed in _seeds(before).items() if _seeds(after)[role] != seed]
    assert changed == ["relay-config"]
    assert _one(before, "app") == _one(after, "app")


def test_mail_that_waits_is_in_a_volume_that_is_prepared() -> None:
    plan = _plan()
    spool = next(mount for mount in _one(plan, "relay").mounts if not mount.is_read_only)
    assert spool.source in {mount.source for mount in _one(plan, "prepare").mounts}
    assert spool.source in plan.volumes


def test_mail_without_a_mail_server_of_the_host_is_refused() -> None:
    with pytest.raises(Trouble, match=r"stacks/hosts/local\.yaml"):
        plan_partner(a_partner_with_ways_out(), a_host())


def test_the_parts_still_add_up_to_the_partners_memory() -> None:
    plan = _plan(**WEBMASTERS)
    assert sum(container.memory for container in parts(plan)) == Partner.model_fields["limits"].default.memory


def test_a_port_opens_no_other_domain() -> None:
    text = squid_conf(["a.example:443", "b.example:80", "c.example:443"], CLIENTS)
    assert "acl domains_443 dstdomain -n a.example c.example\n" in text
    assert "acl domains_80 dstdomain -n b.example\n" in text
    assert "acl declared any-of declared_80 declared_443\n" in text


def test_the_proxy_refuses_before_it_allows() -> None:
    rules = [line for line in squid_conf(["a.example:443"], CLIENTS).splitlines() if "http_access" in line]
    assert rules.index("http_access deny declared private") < rules.index("http_access allow declared known")
    assert [rule for rule in rules if "allow" in rule] == ["http_access allow declared known"]
    assert rules[-1] == "http_access deny all"


@pytest.mark.parametrize(
    "network",
    [
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b::/96", "fc00::/7", "fe80::/10"),
    ],
)
def test_the_proxy_knows_addresses_that_are_nobodys_in_public(network: str) -> None:
    assert f"acl private dst {network}\n" in squid_conf(["a.example:443"], CLIENTS)


def test_the_order_of_declared_destinations_restarts_nothing() -> None:
    one, two = ["a.example:443", "b.example:80"], ["b.example:80", "a.example:443"]
    assert squid_conf(one, CLIENTS) == squid_conf(two, CLIENTS)


def test_the_proxy_and_the_relay_serve_their_own_partner_alone() -> None:
    plan = _plan()
    subnet = next(network.subnet for network in plan.networks if network.name == "chm-cd")
    assert f"acl site src {subnet}\n" in _file(_one(plan, "proxy"))
    assert f"hostlist site = {subnet}\n" in _file(_one(plan, "relay"))


def test_the_relay_knows_its_senders_rate_and_mail_server() -> None:
    text = _file(_one(_plan(), "relay"))
    assert "addresslist senders = site@cd.example.org : news@cd.example.org\n" in text
    assert "ratelimit = 30 / 1h / per_mail / leaky / site\n" in text
    assert "route_list = * smtp.example.net::587 byname\n" in text
