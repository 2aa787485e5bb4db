"""Working together: projects, funding, offers and needs."""

from typing import Literal

from pydantic import Field

from clearinghouse.declare.names import Day, Email
from clearinghouse.site.model.fields import Amount, Currency, Line, Prose, Web
from clearinghouse.site.model.record import Record, Subjects


class Project(Record, Subjects):
    """projects: work with a beginning and an end."""

    title: Line = Field(description="Its title.")
    status: Literal["planned", "running", "finished"] = Field(description="Where it stands.")
    start: Day | None = Field(default=None, description="The first day.")
    end: Day | None = Field(default=None, description="The last day.")
    partners: tuple[Line, ...] = Field(default=(), description="Who works on it.")
    funder: Line | None = Field(default=None, description="Who pays for it.")
    budget: Amount | None = Field(default=None, description="How much it costs.")
    currency: Currency | None = Field(default=None, description="The budget's currency.")
    summary: Line | None = Field(default=None, description="What it is about, in a sentence or two.")
    link: Web | None = Field(default=None, description="Its own page elsewhere.")


class FundingSource(Record):
    """funding: who gives money, and for what."""

    heading = "name"
    name: Line = Field(description="Its name.")
    type: Literal["multilateral", "bilateral", "foundation", "national", "private"] = Field(
        description="What it is."
    )
    summary: Line | None = Field(default=None, description="What it pays for.")
    link: Web | None = Field(default=None, description="Where to apply.")


class _Exchange(Record, Subjects):
    """What somebody offers or looks for."""

    title: Line = Field(description="What it is, in a few words.")
    body: Prose | None = Field(default=None, description="More about it, in Markdown.")
    kind: Literal["training", "expertise", "equipment", "funding", "data", "technology"] = Field(
        description="What kind of help."
    )
    organisation: Line = Field(description="Who offers it or looks for it.")
    email: Email | None = Field(default=None, description="Where to write.")
    until: Day | None = Field(default=None, description="The day until which it holds.")


class Offer(_Exchange):
    """offers: help that somebody gives."""


class Need(_Exchange):
    """needs: help that somebody looks for."""
