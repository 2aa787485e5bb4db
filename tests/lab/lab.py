"""The lab: Docker hosts and a client, played on this machine."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from .client import Client
from .engine import Engine, remove_traces
from .host import Host
from .network import Machine, Network
from .shell import LabTrouble

CLIENT = 200
TOOLS = ("ip", "iptables", "ip6tables", "nsenter", "dockerd", "docker", "curl")


class Lab:
    """Hosts named as you like, each with an engine, on a network of their own; and a client.

    Entering starts them and clears what a killed run left; leaving removes every trace but the images.
    Needs root.

        with Lab("alpha", "beta") as lab:
            lab["alpha"].docker("run", "--detach", "--publish", "80:8080", "web")
            assert lab.client.curl("http://bj.example/", at=lab["alpha"].ipv6).status == 200

    Args:
        hosts: their names.
        name: of the lab, at most 10 characters; labs of different names and addresses may run side by side.
        ipv4: a /24. Host number N in `hosts` has address N in it, the client 200, this machine 254.
        ipv6: a /64, numbered alike.

    Raises:
        LabTrouble: on entering: a lab of that name is running, a tool is missing, an engine does not start.
    """

    def __init__(
        self, *hosts: str, name: str = "chm-lab", ipv4: str = "10.79.0.0/24", ipv6: str = "fd79::/64"
    ) -> None:
        self._names = hosts
        self._network = Network(name, IPv4Network(ipv4), IPv6Network(ipv6))
        self._runtime = Path("/run") / name
        self._hosts: dict[str, Host] = {}
        self._client: Client | None = None
        self._duties = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as duties:
            self._begin(duties)
            self._duties = duties.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._duties.close()
        self._hosts.clear()
        self._client = None

    def __getitem__(self, name: str) -> Host:
        return self._hosts[name]

    def __iter__(self) -> Iterator[Host]:
        return iter(self._hosts.values())

    @property
    def client(self) -> Client:
        """A visitor whose requests come from its own IPv4 and IPv6 addresses."""
        if not self._client:
            raise LabTrouble("the lab is not running: enter it first (`with Lab(…) as lab:`)")
        return self._client

    def _begin(self, duties: ExitStack) -> None:
        _check_machine()
        duties.enter_context(_locked(self._runtime.with_suffix(".lock")))
        self._clear()
        duties.callback(self._clear)
        self._network.create()
        self._client = Client(self._join("client", CLIENT))
        self._hosts = {name: self._host(name, number) for number, name in enumerate(self._names, 1)}
        duties.callback(self._each, "end")
        self._each("begin")

    def _host(self, name: str, number: int) -> Host:
        engine = Engine(self._network.namespace(name), store=self._store(name), runtime=self._runtime / name)
        return Host(self._network, self._join(name, number), number, engine)

    def _join(self, name: str, number: int) -> Machine:
        return Machine(name, self._network.namespace(name), self._network.join(name, number))

    def _store(self, host: str) -> Path:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return caches / "clearinghouse" / self._network.name.removeprefix("chm-") / host

    def _each(self, verb: str) -> None:
        """Do the same to every engine, at the same time."""
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(getattr(host.engine, verb)) for host in self]:
                done.result()

    def _clear(self) -> None:
        """Remove what a run leaves behind: this one at its end, or one that was killed."""
        for namespace in self._network.namespaces():
            host = namespace.removeprefix(f"{self._network.name}-")
            remove_traces(namespace, self._store(host), self._runtime)
        self._network.remove()
        shutil.rmtree(self._runtime, ignore_errors=True)


def _check_machine() -> None:
    if os.geteuid() != 0:
        raise LabTrouble("the lab makes network namespaces and starts engines: run it as root")
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        raise LabTrouble(f"the lab needs {', '.join(missing)}: run `make test`, which installs them")


@contextmanager
def _locked(path: Path) -> Iterator[IO[str]]:
    """Hold the lab's lock; it goes with the process, so a killed run holds none."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabTrouble(
                f"another run uses the lab {path.stem}: wait for its end ({path} is locked)"
            ) from None
        yield lock
