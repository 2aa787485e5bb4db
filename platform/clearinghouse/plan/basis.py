"""What every part of a partner's plan is made from."""

from dataclasses import dataclass
from functools import cached_property

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner, Site
from clearinghouse.plan.generations import Generations
from clearinghouse.plan.names import data_volume, partner_network
from clearinghouse.plan.plan import Mount, Volume
from clearinghouse.plan.sharing import share_memory
from clearinghouse.plan.site_files import excluded, site_mounts


@dataclass(frozen=True)
class Basis:
    """A partner with its own site, and what follows from it for all of its containers.

    Args:
        partner: whose plan it is.
        site: its declared site.
        host: where it runs.
        generations: those of its data volumes.
    """

    partner: Partner
    site: Site
    host: Host
    generations: Generations

    @property
    def network(self) -> str:
        """The partner's own network, which leads nowhere else."""
        return partner_network(self.partner.partner)

    @property
    def access_network(self) -> str:
        """The network by which webmasters come in."""
        return f"chm-{self.partner.partner}-access"

    @property
    def outside_network(self) -> str:
        """The network by which proxy and relay get out."""
        return f"chm-{self.partner.partner}-outside"

    @property
    def backup_network(self) -> str:
        """The network by which backups reach the repository, and nothing else."""
        return f"chm-{self.partner.partner}-backup"

    @property
    def is_dumped(self) -> bool:
        """Whether there is a database that is backed up."""
        return self.site.database is not None and "database" not in excluded(self.partner)

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The containers that run for long, those first that others wait for."""
        wanted = {
            "database": self.site.database is not None,
            "proxy": bool(self.partner.egress),
            "relay": self.partner.mail is not None,
            "app": self.site.runtime != "static",
            "cron": bool(self.site.cron),
            "web": True,
            "access": bool(self.partner.webmasters and self.partner.ssh_port),
        }
        return tuple(role for role, is_wanted in wanted.items() if is_wanted)

    @cached_property
    def mounts(self) -> tuple[Mount, ...]:
        """The site's files as PHP has them: code read-only, writable paths below it."""
        return site_mounts(self.partner.partner, self.site, self.generations.numbers)

    def data(self, role: str) -> Volume:
        """The data volume of a role."""
        return data_volume(self.partner.partner, role, self.generations.numbers)

    def memory(self, role: str) -> int:
        """A container's share of the partner's memory, in bytes.

        Access has one also while there are no webmasters, so that the first one changes nobody's.
        """
        return share_memory(self.partner.limits.memory, (*self.roles, "access"))[role]
