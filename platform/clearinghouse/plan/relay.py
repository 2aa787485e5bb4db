"""The partner's mail: a relay that takes what the site sends and hands it to the host's mail server."""

from clearinghouse.errors import Trouble
from clearinghouse.plan.addresses import partner_subnet
from clearinghouse.plan.basis import Basis
from clearinghouse.plan.plan import Attachment, Container, File, Mount, Seed
from clearinghouse.plan.relay_config import PORT, exim_conf

UID = 2011
HEALTH = ("/bin/busybox", "grep", "-q", f":{PORT:04X} 00000000:0000 0A", "/proc/net/tcp")
"""It listens. Nothing is sent: every connection would be a process and a line in its log."""


def environment(basis: Basis) -> dict[str, str]:
    """Where mail goes and from whom it comes unless told otherwise; nothing when the site sends none."""
    mail = basis.partner.mail
    if mail is None:
        return {}
    return {"MAIL_HOST": "relay", "MAIL_PORT": str(PORT), "MAIL_FROM": mail.senders[0]}


def relay(basis: Basis) -> Container:
    """The relay container of a partner that declares mail.

    Raises:
        Trouble: its host names no mail server.
    """
    partner, host = basis.partner, basis.host
    if partner.mail is None or host.mail is None:
        raise Trouble(f"stack {partner.partner}: mail needs `mail:` in stacks/hosts/{host.host}.yaml")
    text = exim_conf(
        partner.mail,
        host.mail,
        name=partner.canonical,
        clients=partner_subnet(host.network_pool, partner.partner),
    )
    return Container(
        role="relay",
        image="relay",
        user=f"{UID}:{UID}",
        networks=(Attachment(basis.network, aliases=("relay",)), Attachment(basis.outside_network)),
        mounts=(
            Mount(basis.data("relay"), "/var/spool/exim4", is_read_only=False),
            # Exim believes only root's configuration; there is no secret in it.
            Mount(Seed("relay-config", (File("exim.conf", text),), owner=0, mode="0444"), "/config"),
        ),
        memory=basis.memory("relay"),
        cpus=float(partner.limits.cpus),
        processes=64,
        health=HEALTH,
        # Exim's processes share a spool by locks, so the next one may begin beside the last one.
        replacement="create-first",
        after=("prepare",),
    )
