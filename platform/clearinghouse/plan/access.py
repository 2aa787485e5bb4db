"""The webmasters' way in: SFTP and rsync over SSH, with their keys, to their own site's files."""

from dataclasses import replace

from clearinghouse.declare.partner import Webmaster
from clearinghouse.plan.addresses import access_subnet, access_subnet_v6
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.plan import Attachment, Container, File, Mount, Network, Port, Seed
from clearinghouse.plan.site_files import writable

USER = "webmaster"
"""The one account, for all webmasters; their keys tell them apart in the log."""
HOST_KEY = "/host-key"
JAIL = "/jail"
_PORT = 22
HEALTH = ("/bin/grep", "-q", f":{_PORT:04X} 0*:0000 0A ", "/proc/net/tcp")
WHY = (
    "sshd is root to lock each session into the site's folder (SYS_CHROOT) and to make it the site's"
    " user there (SETUID, SETGID), so that no session can read the host key"
)


def access(basis: Basis) -> Container:
    """The access container of a partner with webmasters."""
    partner = basis.partner
    keys = Seed(
        "access-config",
        (File("authorized_keys", "".join(map(_line, partner.webmasters))),),
        owner=0,
        # Sshd reads it as the site's user, who must not be able to change it.
        mode="0440",
    )
    return Container(
        role="access",
        image="access",
        user="0:0",
        networks=(Attachment(basis.access_network),),
        mounts=(
            Mount(keys, "/config"),
            Mount(basis.data("access"), HOST_KEY, is_read_only=False),
            *(replace(mount, path=f"{JAIL}{mount.path}") for mount in writable(basis.mounts)),
        ),
        ports=tuple(Port(address, partner.ssh_port or 0, _PORT) for address in basis.host.addresses),
        memory=basis.memory("access"),
        cpus=float(partner.limits.cpus),
        # Three for each connection: some fifteen at a time, which its memory suffices for.
        processes=48,
        health=HEALTH,
        capabilities=("SETGID", "SETUID", "SYS_CHROOT"),
        weakened=WHY,
        after=("prepare",),
    )


def access_networks(basis: Basis) -> tuple[Network, ...]:
    """The network of the published port, for a partner with webmasters: internal ones publish none."""
    if "access" not in basis.roles:
        return ()
    code = basis.partner.partner
    return (
        Network(
            basis.access_network,
            "bridge",
            access_subnet(basis.host.network_pool, code),
            subnet_v6=access_subnet_v6(code),
            is_internal=False,
            has_way_out=False,
        ),
    )


def _line(webmaster: Webmaster) -> str:
    """A webmaster's line of authorized_keys (sshd(8)): the name stands where the key's own comment was."""
    kind, key = webmaster.key.split(" ")[:2]
    return f"restrict {kind} {key} {webmaster.name}\n"
