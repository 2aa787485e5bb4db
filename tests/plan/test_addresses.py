from ipaddress import IPv4Network, IPv6Network
from itertools import pairwise, product
from string import ascii_lowercase

from clearinghouse.plan.addresses import (
    access_subnet,
    access_subnet_v6,
    backup_subnet,
    drill_subnet,
    edge_address,
    edge_addresses,
    edge_dynamic_range,
    outside_subnet,
    partner_subnet,
)


def test_no_two_of_all_possible_partners_share_a_subnet() -> None:
    codes = ["".join(letters) for letters in product(ascii_lowercase, repeat=2)]
    kinds = (partner_subnet, access_subnet, outside_subnet, backup_subnet, drill_subnet)
    subnets = [IPv4Network(kind("10.200.0.0/16", code)) for kind in kinds for code in codes]
    ordered = sorted(subnets)
    assert len(ordered) == 5 * 676
    assert all(not a.overlaps(b) for a, b in pairwise(ordered))
    assert all(subnet.subnet_of(IPv4Network("10.200.0.0/16")) for subnet in ordered)


def test_no_two_partners_share_a_subnet_of_ipv6_nor_with_the_edges() -> None:
    codes = ["".join(letters) for letters in product(ascii_lowercase, repeat=2)]
    subnets = {IPv6Network(access_subnet_v6(code)) for code in codes}
    assert len(subnets) == 676
    assert IPv6Network("fd00:c4::/64") not in subnets


def test_docker_never_gives_a_partner_an_address_that_only_edges_have() -> None:
    network = "10.201.0.0/20"
    trusted = IPv4Network(edge_addresses(network))
    assert not trusted.overlaps(IPv4Network(edge_dynamic_range(network)))
    assert IPv4Network(f"{edge_address(network, 1)}/32").subnet_of(trusted)
    assert IPv4Network(f"{edge_address(network, 200)}/32").subnet_of(trusted)
    assert edge_address(network, 1) != edge_address(network, 2)
