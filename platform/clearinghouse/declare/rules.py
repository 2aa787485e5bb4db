"""Rules across the keys of one file.

Each takes a draft, in which anything may be None, and yields what it finds.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence

from clearinghouse.declare.backup import Backup
from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner, Site
from clearinghouse.declare.php import wanted
from clearinghouse.declare.problem import Finding, Key
from clearinghouse.declare.quantities import size, size_text
from clearinghouse.declare.should import listed

AVAILABLE_TIERS = ("host-only", "standard-site")
SWARM_PORTS = (2377, 4789, 7946)
"""Docker's engines talk to each other there."""
_MAIL_PORT = 25
_PRIVATE_USE = (".internal", ".local", ".localhost", ".home.arpa", ".onion")
_PLAIN_SENDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*@.+")
"""Whose mailbox means the same everywhere that mail passes."""

_LEAST_MEMORY = {"static": size("112M"), "php": size("176M"), "image": size("176M")}
"""With the 48M that are kept for webmasters."""
_BUILT_MEMORY = size("64M")
_DATABASE_MEMORY = size("256M")
_HELPER_MEMORY = {"egress": size("64M"), "mail": size("48M")}
_LEAST_DISK, _DATABASE_DISK = size("64M"), size("448M")
_CRON_MEMORY = size("80M")


def in_partner(partner: Partner, stem: str) -> Iterator[Finding]:
    """What is wrong across a partner's keys; `stem` is its file's name without .yaml."""
    yield from _named_as_file("partner", partner.partner, stem)
    yield from _names_cover_languages(partner)
    yield from _listed_once(("languages",), partner.languages)
    yield from _listed_once(("domains",), partner.domains)
    yield from _nobodys_domains(partner)
    yield from _tier_and_site(partner)
    yield from _ssh_port_is_free(partner)
    yield from _egress_is_public(partner)
    yield from _plain_senders(partner)
    yield from _webmasters_and_port(partner)
    if partner.site:
        yield from _keys_of_runtime(partner.site)
        yield from _ways_out_are_used(partner, partner.site)
        yield from _paths_apart(partner.site)
        yield from _php_settings(partner.site)
        yield from _enough_memory(partner, partner.site)
        yield from _enough_disk(partner, partner.site)
        yield from _exclusions_are_data(partner, partner.site)


def in_host(host: Host, stem: str) -> Iterator[Finding]:
    """What is wrong across a host's keys; `stem` is its file's name without .yaml."""
    yield from _named_as_file("host", host.host, stem)
    yield from _listed_once(("addresses",), host.addresses)
    yield from _tls_fits_issuer(host)
    if host.ports and host.ports.http and host.ports.http == host.ports.https:
        found = str(host.ports.https)
        yield Finding(("ports", "https"), "another port than that of http", found, near=("ports",))
    yield from _networks_apart(host)


def _named_as_file(key: str, name: str | None, stem: str) -> Iterator[Finding]:
    if name and name != stem:
        yield Finding((key,), f'"{stem}", as its file is named', hint=f"is the file to be named {name}.yaml?")


def _names_cover_languages(partner: Partner) -> Iterator[Finding]:
    names, languages = partner.name, partner.languages
    if names is None or languages is None:
        return
    for language in dict.fromkeys(languages):
        if language and language not in names:
            yield Finding(
                ("name",), f"given in every language, {language} too", f"given in {listed(names) or 'none'}"
            )
    for language in names:
        if language not in languages and None not in languages:
            should = f"in one of the site's languages ({', '.join(languages)})"
            yield Finding(("name", language), should, language, names_key=True)


def _listed_once(key: Key, items: Sequence[str | None] | None) -> Iterator[Finding]:
    for index, item in enumerate(items or ()):
        if item and items and item in items[:index]:
            yield Finding((*key, index), "listed once", f"{item} again")


def _nobodys_domains(partner: Partner) -> Iterator[Finding]:
    for index, domain in enumerate(partner.domains or ()):
        if domain and domain.endswith(".internal"):
            yield Finding(("domains", index), "a public name: .internal is for the hosts' own use", domain)


def _tier_and_site(partner: Partner) -> Iterator[Finding]:
    if partner.tier and partner.tier not in AVAILABLE_TIERS:
        should = f"{listed(AVAILABLE_TIERS)}: {partner.tier} is not available yet"
        yield Finding(("tier",), should, partner.tier)
    if partner.tier == "host-only" and partner.site is None:
        yield Finding(("site",), "given for the tier host-only", near=("tier",))
    if partner.tier == "standard-site":
        yield from _built_by_the_platform(partner)


def _built_by_the_platform(partner: Partner) -> Iterator[Finding]:
    """Nobody changes the files of a built site, and nothing runs in it."""
    for key in ("site", "webmasters", "ssh_port", "egress", "mail"):
        if getattr(partner, key):
            should = "left out: it is for the tier host-only"
            yield Finding((key,), should, "given for standard-site", names_key=True)
    if partner.backup and partner.backup != Backup():
        should = "left out: a built site has no data beside stacks/, and the tier host-only has"
        yield Finding(("backup",), should, "given for standard-site", names_key=True)
    if partner.limits and partner.limits.memory and partner.limits.memory < _BUILT_MEMORY:
        found = size_text(partner.limits.memory)
        yield Finding(("limits", "memory"), f"at least {size_text(_BUILT_MEMORY)}", found)


def _ssh_port_is_free(partner: Partner) -> Iterator[Finding]:
    if partner.ssh_port in SWARM_PORTS:
        yield Finding(("ssh_port",), "another port: the hosts' engines talk to each other there")


def _egress_is_public(partner: Partner) -> Iterator[Finding]:
    yield from _listed_once(("egress",), partner.egress)
    for index, destination in enumerate(partner.egress or ()):
        domain, _, port = (destination or "").rpartition(":")
        if port == str(_MAIL_PORT):
            should = "another port than 25: mail leaves by the relay, see the key mail"
            yield Finding(("egress", index), should, destination)
        if domain.endswith(_PRIVATE_USE):
            yield Finding(("egress", index), "a public name, which no private network uses", destination)


def _plain_senders(partner: Partner) -> Iterator[Finding]:
    senders = partner.mail.senders if partner.mail else None
    yield from _listed_once(("mail", "senders"), senders)
    for index, sender in enumerate(senders or ()):
        if sender and not _PLAIN_SENDER.fullmatch(sender):
            should = "an address whose part before @ has letters, digits and . _ + - only"
            yield Finding(("mail", "senders", index), should, sender)


def _ways_out_are_used(partner: Partner, site: Site) -> Iterator[Finding]:
    for key, value in (("egress", partner.egress), ("mail", partner.mail)):
        if value and site.runtime == "static":
            should = "left out: it is for the runtime php or image"
            yield Finding((key,), should, "given for static", names_key=True)


def _webmasters_and_port(partner: Partner) -> Iterator[Finding]:
    if partner.webmasters and partner.ssh_port is None:
        yield Finding(("ssh_port",), "given where webmasters are: they come in by it", near=("webmasters",))
    if partner.ssh_port and partner.webmasters == ():
        yield Finding(
            ("webmasters",), "given where ssh_port is: nobody else comes in by it", near=("ssh_port",)
        )


def _keys_of_runtime(site: Site) -> Iterator[Finding]:
    if not site.runtime:
        return
    foreign = {
        "image": (site.image, ("image",)),
        "port": (site.port, ("image",)),
        "php": (site.php, ("php",)),
        "database": (site.database, ("php", "image")),
        "writable": (site.writable, ("php", "image")),
        "cron": (site.cron, ("php", "image")),
    }
    for key, (value, runtimes) in foreign.items():
        if value and site.runtime not in runtimes:
            should = f"left out: it is for the runtime {listed(runtimes)}"
            yield Finding(("site", key), should, f"given for {site.runtime}", names_key=True)
    if site.runtime == "image":
        for key in ("image", "port"):
            if getattr(site, key) is None:
                yield Finding(("site", key), "given for the runtime image", near=("site", "runtime"))


def _paths_apart(site: Site) -> Iterator[Finding]:
    paths = site.writable or ()
    for index, path in enumerate(paths):
        for other in paths[:index]:
            if path and other and (f"{path}/".startswith(f"{other}/") or f"{other}/".startswith(f"{path}/")):
                yield Finding(("site", "writable", index), f"apart from {other}", path)


def _php_settings(site: Site) -> Iterator[Finding]:
    for setting, value in (site.php or {}).items():
        if value and (should := wanted(setting, value)):
            yield Finding(("site", "php", setting), should)


def _enough_memory(partner: Partner, site: Site) -> Iterator[Finding]:
    if not site.runtime or not partner.limits or not partner.limits.memory:
        return
    least = _LEAST_MEMORY[site.runtime] + (_DATABASE_MEMORY if site.database else 0)
    helpers = [key for key in _HELPER_MEMORY if getattr(partner, key)]
    least += sum(_HELPER_MEMORY[key] for key in helpers) + (_CRON_MEMORY if site.cron else 0)
    if partner.limits.memory < least:
        beside = [each for each in (site.database, site.cron and "cron", *helpers) if each]
        needs = f"{site.runtime} with {' and '.join(beside)}" if beside else site.runtime
        found = size_text(partner.limits.memory)
        yield Finding(("limits", "memory"), f"at least {size_text(least)} for {needs}", found)


def _enough_disk(partner: Partner, site: Site) -> Iterator[Finding]:
    least = _LEAST_DISK + (_DATABASE_DISK if site.database else 0)
    if partner.limits and partner.limits.disk and partner.limits.disk < least:
        needs = f" with {site.database}" if site.database else ""
        found = size_text(partner.limits.disk)
        yield Finding(("limits", "disk"), f"at least {size_text(least)}{needs}", found)


def _exclusions_are_data(partner: Partner, site: Site) -> Iterator[Finding]:
    excluded = [
        each.data if each else None for each in (partner.backup.exclude if partner.backup else None) or ()
    ]
    beside = {"database": site.database, "access": partner.webmasters, "relay": partner.mail}
    there = ["site", *(name for name, has in beside.items() if has)]
    there += [f"site/{path}" for path in site.writable or () if path]
    for index, data in enumerate(excluded):
        if data and data not in there:
            yield Finding(("backup", "exclude", index, "data"), f"one of its data: {listed(there)}", data)
        elif data and data in excluded[:index]:
            yield Finding(("backup", "exclude", index, "data"), "listed once", f"{data} again")


def _tls_fits_issuer(host: Host) -> Iterator[Finding]:
    if not host.tls or not host.tls.issuer:
        return
    if host.tls.issuer == "acme" and host.tls.email is None:
        yield Finding(("tls", "email"), "given for the issuer acme", near=("tls", "issuer"))
    if host.tls.issuer == "acme" and host.tls.resolvers == ():
        yield Finding(("tls", "resolvers"), "given for the issuer acme", near=("tls", "issuer"))
    for key in ("email", "directory", "resolvers"):
        if host.tls.issuer == "internal" and getattr(host.tls, key):
            should = "left out: it is for the issuer acme"
            yield Finding(("tls", key), should, "given for internal", names_key=True)


def _networks_apart(host: Host) -> Iterator[Finding]:
    if not host.network_pool or not host.edge_network:
        return
    pool, edge = ipaddress.ip_network(host.network_pool), ipaddress.ip_network(host.edge_network)
    if pool.overlaps(edge):
        yield Finding(("edge_network",), f"outside network_pool {pool}", str(edge), near=("network_pool",))
