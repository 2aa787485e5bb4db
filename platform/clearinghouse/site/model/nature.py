"""The country's biodiversity: protected areas, species, ecosystems."""

from typing import Literal

from pydantic import Field

from clearinghouse.site.model.fields import Amount, Latitude, Line, Longitude, Prose, Web, Year
from clearinghouse.site.model.record import Record


class ProtectedArea(Record):
    """protected-areas: a national park, reserve or the like."""

    heading = "name"
    name: Line = Field(description="Its name.")
    category: Literal["Ia", "Ib", "II", "III", "IV", "V", "VI"] | None = Field(
        default=None, description="The IUCN management category."
    )
    designation: Line | None = Field(default=None, description="What it is by law, such as National park.")
    area: Amount | None = Field(default=None, description="Its area in square kilometres.")
    year: Year | None = Field(default=None, description="The year it was founded.")
    latitude: Latitude | None = Field(default=None, description="Its middle: degrees north.")
    longitude: Longitude | None = Field(default=None, description="Its middle: degrees east.")
    manager: Line | None = Field(default=None, description="Who manages it.")
    summary: Line | None = Field(default=None, description="What it is known for.")
    link: Web | None = Field(default=None, description="Its own page elsewhere.")


class SpeciesFigure(Record):
    """species: how many species of a group are known, or threatened."""

    heading = "group"
    group: Line = Field(description="The group, such as Birds.")
    known: Amount = Field(description="How many species are known.")
    threatened: Amount | None = Field(default=None, description="How many of them are threatened.")
    year: Year = Field(description="The year of the figures.")
    source: Line = Field(description="Where the figures come from.")
    link: Web | None = Field(default=None, description="Where the source is.")


class Ecosystem(Record):
    """ecosystems: a kind of land, water or sea."""

    heading = "name"
    name: Line = Field(description="Its name.")
    area: Amount | None = Field(default=None, description="Its area in square kilometres.")
    body: Prose | None = Field(default=None, description="What it is like, in Markdown.")
