"""Labels say whose a container, volume or network is, to people and to the next `up`."""

from clearinghouse.engine import LABEL
from clearinghouse.plan.plan import Plan


def labels(plan: Plan, role: str, **more: str) -> dict[str, str]:
    """The labels of one thing of a plan.

    Args:
        role: what it does or holds.
        more: further labels by their last part.
    """
    return {
        f"{LABEL}.owner": plan.owner or "host",
        f"{LABEL}.role": role,
        f"{LABEL}.tier": plan.tier,
        f"{LABEL}.installation": plan.installation,
        **{f"{LABEL}.{name}": value for name, value in more.items()},
    }
