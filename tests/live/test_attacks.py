"""One partner's PHP is in an attacker's hands: nothing of it gets out, and the neighbour serves on."""

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from glob import glob
from http.client import HTTPException, HTTPSConnection
from ipaddress import ip_network
from pathlib import Path
from typing import Self

import pytest

from tests.lab import wait_until
from tests.lab.shell import in_namespace
from tests.live.attacks import NOTHING, REACH, Attack, attacks
from tests.live.installation import CHECKOUT, Installation

pytestmark = pytest.mark.live

NEIGHBOUR = "xs.chm.localhost"
ATTACKED = "https://cd.chm.localhost"
SERVICE = 9797
"""The port of a service of the host's own, which the tests start."""
LISTEN = f"""
import socket
four = socket.create_server(("0.0.0.0", {SERVICE}))
six = socket.create_server(("::", {SERVICE}), family=socket.AF_INET6)
print("listening", flush=True)
input()
"""
ENGINE_PORTS = (2375, 2376, 2377, 7946, 4789)
WRITE = "CHM_WRITE_SECURITY"
"""Set, the run writes its table into docs/security.md."""

ATTACKS = attacks()
Targets = Mapping[str, list[str]]


class Neighbour:
    """Asks the neighbour's site all the time, and knows how long its answers took."""

    def __init__(self, installation: Installation) -> None:
        self._address = (installation.host.ipv4, 443)
        self._context = ssl.create_default_context(cafile=str(installation.ca))
        self._connection: HTTPSConnection | None = None
        self._seconds: list[float] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._ask_on)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._close()

    def begin(self) -> None:
        """Forget what was before."""
        self._seconds = []

    def worst(self) -> float:
        """The longest answer since; waits for three at least."""
        seen = self._seconds
        wait_until(lambda: len(seen) >= 3, "the neighbour answers", 30)
        return max(seen)

    def _ask_on(self) -> None:
        while not self._is_over.wait(0.05):
            seen, started = self._seconds, time.monotonic()
            is_right = self._ask()
            seen.append(time.monotonic() - started if is_right else float("inf"))

    def _ask(self) -> bool:
        try:
            if self._connection is None:
                self._connection = HTTPSConnection(NEIGHBOUR, timeout=10)
                plain = socket.create_connection(self._address, timeout=10)
                self._connection.sock = self._context.wrap_socket(plain, server_hostname=NEIGHBOUR)
            self._connection.request("GET", "/")
            reply = self._connection.getresponse()
            return (reply.status, reply.read()) == (200, b"neighbour")
        except (OSError, HTTPException):
            self._close()
            return False

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


@pytest.fixture(scope="module")
def host_service(installation: Installation) -> Iterator[None]:
    """A service of the host's own on all of its addresses, as a careless operator starts one."""
    process = subprocess.Popen(
        in_namespace(installation.host.machine.namespace, [sys.executable, "-c", LISTEN]),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "listening\n"
    yield
    process.communicate("\n", timeout=10)


@pytest.fixture(scope="module")
def neighbours_database(installation: Installation) -> Iterator[str]:
    """Something in the place of the neighbour's database: its address."""
    listen = "my $s = IO::Socket::INET->new(LocalPort => 3306, Listen => 5) or die; sleep 600"
    name = installation.docker(
        "run", "--detach", "--network", "chm-xs", "--name", "chm-xs-database",
        "debian:bookworm-slim", "perl", "-MIO::Socket::INET", "-e", listen,
    )  # fmt: skip
    try:
        yield _addresses(installation, name)[0]
    finally:
        installation.docker("rm", "--force", name)


@pytest.fixture(scope="module")
def targets(installation: Installation, host_service: None, neighbours_database: str) -> Targets:
    """Where attacks go, by the names that attacks give them."""
    web, edge = installation.containers("xs")["web"], installation.containers("host")["edge"]
    names = [NEIGHBOUR, f"{NEIGHBOUR}.web.internal", web, "chm-xs-web"]
    hosts = _addresses_of_host(installation)
    return {
        "neighbour's web by name": [f"{name}:{port}" for name in names for port in (8080, 8081, 443)],
        "neighbour's web by address": [
            f"{ip}:{port}" for ip in _addresses(installation, web) for port in (8080, 8081)
        ],
        "neighbour's database": [
            f"{neighbours_database}:3306",
            "chm-xs-database:3306",
            "database.chm-xs:3306",
        ],
        "edge": [
            f"{ip}:{port}" for ip in _addresses(installation, edge) for port in (80, 443, 2019, 8082, 53)
        ],
        "host": [f"{ip}:{port}" for ip in hosts for port in (SERVICE, 22, 80, 443)],
        "engine": [f"{ip}:{port}" for ip in hosts for port in ENGINE_PORTS],
        "metadata": ["169.254.169.254:80", "169.254.170.2:80", "fd00:ec2::254:80"],
        "internet": ["203.0.113.1:80", "203.0.113.1:443", "2001:db8::1:443"],
        "names": [*names, edge, "chm-edge", "chm-xs-database", "host.docker.internal", "example.org"],
    }


def _addresses(installation: Installation, container: str) -> list[str]:
    """A container's addresses on all of its networks."""
    networks = json.loads(
        installation.docker("inspect", "-f", "{{json .NetworkSettings.Networks}}", container)
    )
    found = [network[key] for network in networks.values() for key in ("IPAddress", "GlobalIPv6Address")]
    return [address for address in found if address]


def _addresses_of_host(installation: Installation) -> list[str]:
    """Those that the host has, and those at which a gateway would be, on every network."""
    listed = json.loads(installation.host.machine.run("ip", "-json", "address"))
    own = [each["local"] for link in listed for each in link["addr_info"] if each["scope"] == "global"]
    names = installation.docker("network", "ls", "--format", "{{.Name}}").split()
    networks = json.loads(installation.docker("network", "inspect", *names))
    pools = [pool for network in networks for pool in network["IPAM"]["Config"] or []]
    gateways = [pool.get("Gateway") or str(ip_network(pool["Subnet"])[1]) for pool in pools]
    return sorted({*own, *(gateway.split("/")[0] for gateway in gateways)})


@pytest.fixture(scope="module")
def neighbour(installation: Installation) -> Iterator[Neighbour]:
    installation.put("xs", {"index.html": "neighbour"})
    with Neighbour(installation) as neighbour:
        yield neighbour


@pytest.fixture(scope="module")
def table() -> Iterator[list[tuple[str, str, str]]]:
    """What each attack got and how the neighbour did; written into the docs when that is asked."""
    rows: list[tuple[str, str, str]] = []
    yield rows
    if os.environ.get(WRITE):
        document = CHECKOUT / "docs/security.md"
        document.write_text(with_rows(document.read_text(), rows))


def with_rows(text: str, rows: list[tuple[str, str, str]]) -> str:
    """The document with other rows in its table of attacks."""
    before, rest = text.split("<!-- attacks -->\n", 1)
    _, after = rest.split("<!-- end of attacks -->", 1)
    head = "| attack | what it got | the neighbour's worst answer |\n|---|---|---|\n"
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"{before}<!-- attacks -->\n{head}{lines}<!-- end of attacks -->{after}"


@pytest.fixture(scope="module")
def pages(installation: Installation, targets: Targets) -> Mapping[Attack, str]:
    """The attacks' own pages in the attacked site."""
    through_php = [attack for attack in ATTACKS if attack.program.suffix == ".php"]
    files = {"address.php": "<?php echo $_SERVER['REMOTE_ADDR'];"}
    for number, attack in enumerate(through_php):
        given = json.dumps([each for group in attack.targets for each in targets[group]])
        program = attack.program.read_text().removeprefix("<?php")
        files[f"attack-{number}.php"] = f"<?php\n$targets = {given};{program}"
    installation.put("cd", files)
    return {attack: f"{ATTACKED}/attack-{number}.php" for number, attack in enumerate(through_php)}


def _run(installation: Installation, program: Path, arguments: list[str]) -> str:
    language = {".pl": ("perl", "-e"), ".sh": ("sh", "-c")}[program.suffix]
    app = installation.containers("cd")["app"]
    done = subprocess.run(
        ["docker", "exec", app, *language, program.read_text(), *arguments],
        env=installation.host.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout


def test_what_is_open_is_found(installation: Installation, targets: Targets, neighbour: Neighbour) -> None:
    """The attacks' own tool sees what there is to see, or their silence would prove nothing."""
    own = ["database:3306", "web:8080"]
    app = installation.containers("cd")["app"]
    assert installation.docker("exec", app, "perl", "-e", REACH.read_text(), *own).split() == own
    on_host = installation.host.machine.run("perl", "-e", REACH.read_text(), *targets["host"])
    assert f"{installation.host.ipv4}:{SERVICE}" in on_host.split()
    beside = installation.docker(
        "run", "--rm", "--network", "chm-xs", "debian:bookworm-slim", "perl", "-e", REACH.read_text(),
        *targets["neighbour's database"], *targets["neighbour's web by address"],
    ).split()  # fmt: skip
    assert {targets["neighbour's database"][0], "chm-xs-database:3306"} <= set(beside)
    assert set(targets["neighbour's web by address"]) & set(beside)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.what)
def test_an_attack_gets_nowhere_and_the_neighbour_answers_within_a_second(
    installation: Installation,
    targets: Targets,
    pages: Mapping[Attack, str],
    neighbour: Neighbour,
    table: list[tuple[str, str, str]],
    attack: Attack,
) -> None:
    neighbour.begin()
    if attack in pages:
        reply = installation.curl(pages[attack], timeout=60)
        assert reply.status == 200
        printed = reply.text
    else:
        printed = _run(
            installation, attack.program, [each for group in attack.targets for each in targets[group]]
        )
    got = " ".join(printed.split())
    worst = neighbour.worst()
    table.append((attack.what, got or NOTHING, f"{worst * 1000:.0f} ms"))
    assert (got or NOTHING) == attack.gets
    assert worst < 1


def test_the_flooded_log_stays_small(installation: Installation) -> None:
    log = installation.docker("inspect", "-f", "{{.LogPath}}", installation.containers("cd")["app"])
    assert sum(Path(file).stat().st_size for file in glob(f"{log}*")) < 33_000_000


def test_a_disk_flood_fills_no_more_than_the_volumes_own_file_system(
    installation: Installation, neighbour: Neighbour
) -> None:
    """What would be shared with the host must not be filled, not even by a test."""
    app, path = installation.containers("cd")["app"], "/site/wp-content/uploads"
    size = _size(installation, app, path)
    assert size < _size(installation, app, "/")
    neighbour.begin()
    flood = ["fallocate", "--length", str(size + 1), f"{path}/flood"]
    done = subprocess.run(
        ["docker", "exec", app, *flood],
        env=installation.host.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    installation.docker("exec", app, "rm", "-f", f"{path}/flood")
    assert "No space left" in done.stderr
    assert neighbour.worst() < 1


def _size(installation: Installation, container: str, path: str) -> int:
    """The size of the file system at a path of a container."""
    blocks, each = installation.docker("exec", container, "stat", "-f", "-c", "%b %S", path).split()
    return int(blocks) * int(each)


def test_the_attacked_site_is_well_afterwards(installation: Installation) -> None:
    wait_until(lambda: installation.chm("status", "cd").code == 0, "the attacked site serves", 60)
