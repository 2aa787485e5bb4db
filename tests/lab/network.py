"""The lab's network: a bridge, a namespace for each played machine, and a way out."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from .shell import in_namespace, run, succeeds

GATEWAY = 254


@dataclass(frozen=True)
class Addresses:
    """The address of a played machine in each family."""

    ipv4: str
    ipv6: str


@dataclass(frozen=True)
class Network:
    """A bridge of the lab's name, which the machine itself is on as the gateway.

    Attributes:
        name: of the bridge, and the prefix of every namespace; at most 10 characters.
        ipv4: a /24; number N in it is machine N, 254 the gateway.
        ipv6: a /64, numbered alike.
    """

    name: str
    ipv4: IPv4Network
    ipv6: IPv6Network

    def namespace(self, machine: str) -> str:
        """Name the network namespace of a played machine."""
        return f"{self.name}-{machine}"

    def addresses(self, number: int) -> Addresses:
        """Give the addresses of machine `number`."""
        return Addresses(str(self.ipv4[number]), str(self.ipv6[number]))

    def create(self) -> None:
        """Make the bridge and let the machines on it out."""
        gateway = self.addresses(GATEWAY)
        run("ip", "link", "add", self.name, "type", "bridge")
        run("ip", "address", "add", f"{gateway.ipv4}/24", "dev", self.name)
        run("ip", "-6", "address", "add", f"{gateway.ipv6}/64", "dev", self.name, "nodad")
        run("ip", "link", "set", self.name, "up")
        run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        for rule in self._rules():
            run(*rule("-I"))

    def remove(self) -> None:
        """Remove the bridge, the rules and the namespaces, as far as they are there."""
        for rule in self._rules():
            while succeeds(*rule("-D")):
                pass
        for namespace in self.namespaces():
            succeeds("ip", "netns", "delete", namespace)
        for plug in Path(f"/sys/class/net/{self.name}/brif").glob(
            "*"
        ):  # a namespace takes its time to drop its own
            succeeds("ip", "link", "delete", plug.name)
        succeeds("ip", "link", "delete", self.name)

    def namespaces(self) -> tuple[str, ...]:
        """List the namespaces of this network that are there, also those of a dead run."""
        names = (line.split()[0] for line in run("ip", "netns", "list").splitlines() if line)
        return tuple(name for name in names if name.startswith(f"{self.name}-"))

    def join(self, machine: str, number: int) -> Addresses:
        """Make the namespace of a machine and plug it into the bridge."""
        namespace, outside, addresses = (
            self.namespace(machine),
            f"{self.name}-{number}",
            self.addresses(number),
        )
        run("ip", "netns", "add", namespace)
        run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        run("ip", "link", "set", outside, "master", self.name, "up")
        inside = ("ip", "-netns", namespace)
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "link", "set", "eth0", "up")
        run(*inside, "address", "add", f"{addresses.ipv4}/24", "dev", "eth0")
        run(*inside, "-6", "address", "add", f"{addresses.ipv6}/64", "dev", "eth0", "nodad")
        run(*inside, "route", "add", "default", "via", self.addresses(GATEWAY).ipv4)
        return addresses

    def cut(self, number: int) -> None:
        """Pull a machine's plug: nothing reaches it, and it does not notice."""
        run("ip", "link", "set", f"{self.name}-{number}", "down")

    def mend(self, number: int) -> None:
        """Plug a machine in again."""
        run("ip", "link", "set", f"{self.name}-{number}", "up")

    def _rules(self) -> Iterator["_Rule"]:
        """Give what lets machines out also beside an engine of the machine, which forbids forwarding."""
        for table in ("iptables", "ip6tables"):
            yield _Rule(table, "filter", "FORWARD", ("-i", self.name, "-j", "ACCEPT"))
            yield _Rule(table, "filter", "FORWARD", ("-o", self.name, "-j", "ACCEPT"))
        lab = str(self.ipv4)
        yield _Rule("iptables", "nat", "POSTROUTING", ("-s", lab, "!", "-d", lab, "-j", "MASQUERADE"))


@dataclass(frozen=True)
class _Rule:
    command: str
    table: str
    chain: str
    match: tuple[str, ...]

    def __call__(self, action: str) -> tuple[str, ...]:
        return (self.command, "-w", "-t", self.table, action, self.chain, *self.match)


@dataclass(frozen=True)
class Machine:
    """A namespace with addresses: what a played host and a client have in common."""

    name: str
    namespace: str
    addresses: Addresses

    def run(self, *argv: str, timeout: float = 120) -> str:
        """Run a command on this machine's network and give its output."""
        return run(*in_namespace(self.namespace, argv), timeout=timeout)
