"""A drill is the partner's own site, and nothing leads into it or out of it."""

from dataclasses import fields
from ipaddress import IPv4Network

import pytest

from clearinghouse.declare.partner import Partner
from clearinghouse.plan.drill import Page, drill_of, drilled, pages, plan_drill
from clearinghouse.plan.plan import Container, Plan, Seed
from clearinghouse.plan.planner import plan_partner
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

HOST = a_host(mail=SMARTHOST)
ALL = [
    a_partner(),
    a_php_partner(**WEBMASTERS),
    an_image_partner(),
    a_partner_with_ways_out(**WEBMASTERS),
    a_standard_partner(),
]


def _drill(partner: Partner) -> Plan:
    return plan_drill(partner, HOST, build="0" * 64)


@pytest.mark.parametrize("partner", ALL)
def test_nothing_of_it_has_a_name_that_the_partner_has(partner: Partner) -> None:
    drill, live = _drill(partner), plan_partner(partner, HOST, build="0" * 64)
    assert drill.prefix == f"chm-drill-{partner.partner}"
    assert not {each.name for each in drill.volumes} & {each.name for each in live.volumes}
    assert not {each.name for each in drill.networks} & {each.name for each in live.networks}
    assert all(each.name.startswith(drill.prefix) for each in (*drill.volumes, *drill.networks))
    assert drill.names == ()


@pytest.mark.parametrize("partner", ALL)
def test_it_is_on_one_network_that_leads_nowhere(partner: Partner) -> None:
    drill = _drill(partner)
    (network,) = drill.networks
    assert network.is_internal
    attached = {place.network for container in drill.containers for place in container.networks}
    assert attached == {network.name}
    assert not any(container.ports for container in drill.containers)


@pytest.mark.parametrize("partner", ALL)
def test_what_serves_is_there_and_nothing_that_writes_to_the_world(partner: Partner) -> None:
    live = {container.role for container in plan_partner(partner, HOST, build="0" * 64).containers}
    drill = {container.role for container in _drill(partner).containers}
    assert drill == live & {"prepare", "database", "app", "web"}


def test_each_container_is_hardened_and_limited_as_the_partners_own() -> None:
    partner = a_php_partner(**WEBMASTERS)
    live = {each.role: each for each in plan_partner(partner, HOST).containers}
    same = {field.name for field in fields(Container)} - {"networks", "mounts", "memory", "command"}
    for container in _drill(partner).containers:
        for name in same:
            assert getattr(container, name) == getattr(live[container.role], name), name


def test_no_secret_of_the_backups_is_in_it() -> None:
    names = {secret.name for secret in _drill(a_php_partner(**WEBMASTERS)).secrets}
    assert names == {"database-password"}


def test_the_web_believes_whoever_is_on_its_own_network_and_nobody_else() -> None:
    drill = _drill(a_php_partner())
    (network,) = drill.networks
    (config,) = (
        file.content
        for seed in drill.seeds
        if isinstance(seed, Seed) and seed.role == "web-config"
        for file in seed.files
    )
    assert f"trusted_proxies static {network.subnet}\n" in str(config)
    assert IPv4Network(network.subnet).prefixlen == 28


def test_a_stack_says_whose_drill_it_is() -> None:
    assert drilled(drill_of("cd")) == "cd"
    assert drilled("cd") is None
    assert drilled("host-local") is None


def test_the_declared_page_is_asked_for_or_the_home_page_of_each_language() -> None:
    site = {"runtime": "static", "health": {"path": "/accueil", "text": "Forêts"}}
    assert pages(a_partner(site=site)) == (Page("/accueil", "Forêts"),)
    assert pages(a_standard_partner()) == (
        Page("/ar/", "المغرب"),
        Page("/fr/", "Maroc"),
        Page("/en/", "Morocco"),
    )
