"""Who's who: organisations and experts."""

from typing import Literal

from pydantic import Field

from clearinghouse.declare.names import Email, Flag, Language
from clearinghouse.site.model.fields import Country, Latitude, Line, Longitude, OneLine, Person, Phone, Web
from clearinghouse.site.model.record import Record, Subjects


class Organisation(Record, Subjects):
    """organisations: an institution that works for biodiversity."""

    heading = "name"
    name: Line = Field(description="Its name.")
    acronym: OneLine | None = Field(default=None, description="Its short name.")
    type: Literal["government", "research", "university", "ngo", "international", "community", "private"] = (
        Field(description="What kind of organisation it is.")
    )
    city: Line = Field(description="The town.")
    country: Country = Field(description="The country's code.")
    address: Line | None = Field(default=None, description="The postal address.")
    phones: tuple[Phone, ...] = Field(default=(), description="Telephone numbers.")
    emails: tuple[Email, ...] = Field(default=(), description="E-mail addresses.")
    websites: tuple[Web, ...] = Field(default=(), description="Websites.")
    areas: Line | None = Field(default=None, description="What it works on.")
    languages: tuple[Language, ...] = Field(default=(), description="The languages one may write in.")
    latitude: Latitude | None = Field(default=None, description="Where it is: degrees north.")
    longitude: Longitude | None = Field(default=None, description="Where it is: degrees east.")


class Expert(Record, Subjects):
    """experts: a person with knowledge that others may ask for."""

    heading = "name"
    name: Person = Field(description="The person's name.")
    title: Line | None = Field(default=None, description="The post.")
    organisation: Line | None = Field(default=None, description="Where the person works.")
    type: Literal["taxonomy", "ecology", "law", "economics", "education", "genetics", "data", "other"] = (
        Field(description="The field.")
    )
    city: Line = Field(description="The town.")
    country: Country = Field(description="The country's code.")
    emails: tuple[Email, ...] = Field(default=(), description="E-mail addresses.")
    websites: tuple[Web, ...] = Field(default=(), description="Websites.")
    areas: Line | None = Field(default=None, description="What the person works on.")
    languages: tuple[Language, ...] = Field(default=(), description="The languages one may write in.")
    consent: Flag = Field(
        description="Whether the person agreed to be published; without it nobody is shown."
    )
