"""Docker hosts played on one machine, and a client: `with Lab("alpha", "beta") as lab`."""

from .client import Client, Reply, Unanswered
from .host import Host
from .lab import Lab
from .shell import LabTrouble, wait_until
from .world import World

__all__ = ["Client", "Host", "Lab", "LabTrouble", "Reply", "Unanswered", "World", "wait_until"]
