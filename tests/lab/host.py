"""A played Docker host."""

from collections.abc import Mapping
from pathlib import Path

from .engine import Engine
from .network import Machine, Network
from .shell import run

BASE_IMAGE = Path(__file__).parents[2] / "toolchain" / "base-image"


class Host:
    """A machine on the lab's network with an engine of its own.

    Attributes:
        machine: its namespace and addresses.
        engine: to be stopped, killed and started.
    """

    def __init__(self, network: Network, machine: Machine, number: int, engine: Engine) -> None:
        self.machine = machine
        self.engine = engine
        self._network = network
        self._number = number

    @property
    def name(self) -> str:
        """Its name in the lab."""
        return self.machine.name

    @property
    def ipv4(self) -> str:
        """The address at which the other machines, and this one, reach it."""
        return self.machine.addresses.ipv4

    @property
    def ipv6(self) -> str:
        """The same for IPv6."""
        return self.machine.addresses.ipv6

    @property
    def docker_host(self) -> str:
        """The engine's address, as in DOCKER_HOST or `docker:` of a host file."""
        return self.engine.address

    @property
    def environment(self) -> Mapping[str, str]:
        """This process's environment, with the Docker client pointed at this host."""
        return self.engine.environment

    def docker(self, *argv: str, timeout: float = 120) -> str:
        """Run `docker …` on this host and give its output without the last newline."""
        return self.engine.docker(*argv, timeout=timeout)

    def fetch_base_image(self) -> None:
        """Make sure the platform's base image is here."""
        run(str(BASE_IMAGE), env=self.environment, timeout=600)

    def restart_engine(self) -> None:
        """Stop and start the engine."""
        self.engine.restart()

    def stop_engine(self) -> None:
        """Stop the engine, its containers with it."""
        self.engine.stop()

    def start_engine(self) -> None:
        """Start the engine that was stopped or killed, and wait until it answers."""
        self.engine.start()

    def kill_engine(self) -> None:
        """End the engine with kill -9; its containers run on until it starts again."""
        self.engine.kill()

    def cut(self) -> None:
        """Pull the network's plug."""
        self._network.cut(self._number)

    def mend(self) -> None:
        """Plug the network in again."""
        self._network.mend(self._number)
