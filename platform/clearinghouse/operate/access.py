"""How webmasters get in: what they type, and the fingerprint by which they know the right server."""

from dataclasses import dataclass
from typing import cast

import docker.errors
from docker.models.containers import Container

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import LABEL, connect, containers_of
from clearinghouse.plan.access import HOST_KEY, USER


@dataclass(frozen=True, slots=True)
class WayIn:
    """What a webmaster needs beside the private key.

    Attributes:
        sftp: the command line of an SFTP client.
        rsync: that of rsync, which puts a folder.
        fingerprint: `SHA256:…` of the host key; None while no access container runs.
    """

    sftp: str
    rsync: str
    fingerprint: str | None


def way_in(partner: Partner, host: Host) -> WayIn | None:
    """How the webmasters of a partner get in; None when it has none.

    Raises:
        Trouble: the host's engine does not answer.
    """
    if not (partner.webmasters and partner.ssh_port):
        return None
    account = f"{USER}@{partner.canonical}"
    return WayIn(
        sftp=f"sftp -P {partner.ssh_port} {account}",
        rsync=f"rsync -rtv -e 'ssh -p {partner.ssh_port}' FOLDER/ {account}:",
        fingerprint=_fingerprint(partner, host),
    )


def _fingerprint(partner: Partner, host: Host) -> str | None:
    """As the running container's own ssh-keygen writes it: `256 SHA256:… no comment (ED25519)`."""
    for container in containers_of(connect(host), partner.partner):
        if container.labels[f"{LABEL}.role"] == "access" and container.status == "running":
            return _asked(container)
    return None


def _asked(container: Container) -> str | None:
    try:
        told = container.exec_run(["/usr/bin/ssh-keygen", "-l", "-f", f"{HOST_KEY}/ed25519.pub"])
    except docker.errors.APIError:  # it ended in this moment
        return None
    return cast("bytes", told.output).decode().split(" ")[1] if told.exit_code == 0 else None
