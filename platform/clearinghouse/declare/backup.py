"""How a partner's data is backed up, as declared; what is left out follows from the policy here."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import Field

from clearinghouse.declare.form import text_form
from clearinghouse.declare.names import SafeText
from clearinghouse.declare.places import SitePath
from clearinghouse.declare.quantities import Size, whole
from clearinghouse.declare.should import should_be, text_of
from clearinghouse.declare.value import Value
from clearinghouse.upkeep.retention import Retention

_ZONE = r"UTC|[A-Z][A-Za-z]{2,20}(/[A-Z][A-Za-z_-]{1,30}){1,2}"


RETENTION: Mapping[Literal["host-only", "standard-site", "mirror"], Retention] = {
    "host-only": Retention(daily=14, weekly=8, monthly=12),
    "standard-site": Retention(daily=14, weekly=8, monthly=12),
    "mirror": Retention(daily=7, weekly=4, monthly=3),
}
"""The policy, by tier; a mirror's data is another server's first of all."""
DISKS = 2
"""The policy for a repository's size: so many times the partner's disk."""


def _time_zone(value: object) -> str:
    expected = "a time zone such as Africa/Kinshasa"
    text = text_of(value, expected)
    known = available_timezones()
    # A machine may have no list of time zones.
    if not re.fullmatch(_ZONE, text) or (known and text not in known):
        raise should_be(expected)
    return text


TimeZone = Annotated[str, text_form(_time_zone, pattern=f"^({_ZONE})$")]


class Keep(Value):
    """For how long backups are kept."""

    daily: Annotated[int, whole(1, 366)] | None = Field(
        default=None, description="For how many days one of each day is kept; else by tier."
    )
    weekly: Annotated[int, whole(1, 520)] | None = Field(
        default=None, description="For how many weeks one of each week is kept; else by tier."
    )
    monthly: Annotated[int, whole(1, 240)] | None = Field(
        default=None, description="For how many months one of each month is kept; else by tier."
    )


class Exclusion(Value):
    """Data that is not backed up."""

    data: SitePath = Field(
        description="What: site, database, access, relay, or site/PATH for one of site.writable."
    )
    reason: SafeText = Field(description="Why it may be lost.")


class Backup(Value):
    """How the partner's data is backed up."""

    hour: Annotated[int, whole(0, 23)] = Field(
        default=2, description="The hour of the day in which it begins; the minute follows from the code."
    )
    time_zone: TimeZone = Field(default="UTC", description="The time zone of that hour.")
    keep: Keep = Field(
        default=Keep(),
        description="For how long backups are kept.",
    )
    size: Size | None = Field(
        default=None, description="The most that its repository may take; else twice limits.disk."
    )
    exclude: tuple[Exclusion, ...] = Field(
        default=(), max_length=20, description="Data that is not backed up, each with the reason."
    )


def retention(tier: Literal["host-only", "standard-site", "mirror"], keep: Keep) -> Retention:
    """For how long a partner's backups are kept: what is declared, and the tier's policy for the rest."""
    policy = RETENTION[tier]
    return Retention(
        daily=keep.daily or policy.daily,
        weekly=keep.weekly or policy.weekly,
        monthly=keep.monthly or policy.monthly,
    )
