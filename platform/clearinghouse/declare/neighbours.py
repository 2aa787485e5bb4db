"""Rules across files: what partners and hosts owe each other.

They look at drafts, in which anything may be None; the result names the file that is wrong.
"""

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.declare.problem import Finding
from clearinghouse.declare.quantities import size_text
from clearinghouse.declare.should import listed, meant

Partners = Mapping[str, Partner]
Hosts = Mapping[str, Host | None]
"""By name; None where a host's file cannot be read."""

Found = Iterator[tuple[str, Finding]]
"""The name of a partner or host, and what is wrong in its file."""


def between_partners(partners: Partners, hosts: Hosts) -> Found:
    """What is wrong in partners' files in view of the others and of their hosts."""
    yield from _known_hosts(partners, hosts)
    yield from _one_claim_a_domain(partners)
    for name, host in hosts.items():
        there = {code: partner for code, partner in partners.items() if partner.host == name}
        yield from _own_ssh_ports(there, name, host)
        yield from _mail_has_a_relay(there, host)
        if host and host.capacity:
            yield from _enough_left(there, host)


def between_hosts(hosts: Hosts) -> Found:
    """What is wrong in hosts' files in view of the others."""
    numbers: dict[int, str] = {}
    for name, host in hosts.items():
        if not host or not host.edge_number or not _can_be_joined(host):
            continue
        other = numbers.setdefault(host.edge_number, name)
        if other != name:
            yield (
                name,
                Finding(("edge_number",), f"another than {other}'s", str(host.edge_number), near=("host",)),
            )


def _known_hosts(partners: Partners, hosts: Hosts) -> Found:
    for code, partner in partners.items():
        if partner.host and partner.host not in hosts:
            hint = meant(partner.host, tuple(hosts))
            if not hint:
                hint = f"there is {listed(sorted(hosts)[:5])}" if hosts else "none is there yet"
            yield code, Finding(("host",), "a host declared in stacks/hosts", hint=hint)


def _one_claim_a_domain(partners: Partners) -> Found:
    claims: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for code, partner in partners.items():
        for index, domain in enumerate(partner.domains or ()):
            if domain:
                claims[domain].setdefault(code, index)
    for domain, claimed in claims.items():
        for code, index in claimed.items():
            others = [other for other in claimed if other != code]
            if others:
                found = f"{domain}, which {listed(others)} claims too"
                yield code, Finding(("domains", index), "claimed by one partner only", found)


def _own_ssh_ports(there: Partners, name: str, host: Host | None) -> Found:
    ports: defaultdict[int, list[str]] = defaultdict(list)
    for code, partner in there.items():
        if partner.ssh_port:
            ports[partner.ssh_port].append(code)
    for port, codes in ports.items():
        if host and host.ports and port in (host.ports.http, host.ports.https):
            for code in codes:
                yield code, Finding(("ssh_port",), f"another port than those of the host {name}")
        for code in codes if len(codes) > 1 else ():
            others = listed([other for other in codes if other != code])
            yield (
                code,
                Finding(("ssh_port",), f"no other partner's on {name}", f"{port}, which {others} has too"),
            )


def _mail_has_a_relay(there: Partners, host: Host | None) -> Found:
    for code, partner in there.items():
        if partner.mail and host and not host.mail:
            should = f"left out, or the mail server given at mail in stacks/hosts/{host.host}.yaml"
            yield code, Finding(("mail",), should, "given without one", names_key=True)


def _enough_left(there: Partners, host: Host) -> Found:
    """Who came last finds too little left: partners take their limits in order of `since`, then code."""
    left: dict[str, Any] = {
        "memory": host.capacity.memory,
        "cpus": host.capacity.cpus,
        "disk": host.capacity.disk,
    }
    held: dict[str, dict[str, Any]] = {key: {} for key in left}
    for code, partner in sorted(there.items(), key=lambda item: (item[1].since or 9999, item[0])):
        if not partner.limits:
            continue
        for key in left:
            wanted, available = getattr(partner.limits, key), left[key]
            if wanted is None or available is None:
                continue
            if wanted <= available:
                left[key] = available - wanted
                held[key][code] = wanted
                continue
            left_by = f"left on the host {host.host} by {_holders(key, held)}"
            should = f"at most {_amount(key, available)}, which is {left_by}"
            yield code, Finding(("limits", key), should, _amount(key, wanted), near=("host",))


def _holders(key: str, held: dict[str, dict[str, Any]]) -> str:
    """The largest of those who came before: `cd (2900M), bj (128M)`."""
    largest = sorted(held[key].items(), key=lambda item: (-item[1], item[0]))[:3]
    return ", ".join(f"{code} ({_amount(key, amount)})" for code, amount in largest) or "nobody"


def _amount(key: str, amount: int | Decimal) -> str:
    return str(amount) if key == "cpus" else size_text(int(amount))


def _can_be_joined(host: Host) -> bool:
    return bool(host.swarm_address) and not ipaddress.ip_address(host.swarm_address).is_loopback
