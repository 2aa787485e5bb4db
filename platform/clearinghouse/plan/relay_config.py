"""The configuration of a partner's relay: who may send, how much, and where it goes."""

from clearinghouse.declare.host import Relay
from clearinghouse.declare.partner import Mail
from clearinghouse.plan.template import render

PORT = 25
LARGEST_MAIL = "25M"
MOST_RECIPIENTS = 50
MOST_WAITING = 500
"""Mails that wait for the host's mail server; more are refused until some have left."""


def exim_conf(mail: Mail, smarthost: Relay, *, name: str, clients: str) -> str:
    """Write exim.conf.

    Args:
        mail: what the site may send.
        smarthost: the host's mail server.
        name: the name by which the relay greets it.
        clients: the subnet of the partner's own network.

    Returns:
        The text, for /config/exim.conf in the image `relay`.
    """
    return render(
        "relay_config.exim.conf.j2",
        port=PORT,
        name=name,
        clients=clients,
        senders=mail.senders,
        per_hour=mail.per_hour,
        smarthost=smarthost,
        largest=LARGEST_MAIL,
        recipients=MOST_RECIPIENTS,
        waiting=MOST_WAITING,
    )
