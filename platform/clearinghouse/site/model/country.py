"""The site itself, the country, and its focal points."""

from typing import Literal

from pydantic import Field

from clearinghouse.declare.names import Day, Email, Flag
from clearinghouse.declare.value import Value
from clearinghouse.site.model.fields import (
    Amount,
    Colour,
    Country,
    ImagePath,
    Line,
    Person,
    Phone,
    Prose,
    Web,
    Year,
)
from clearinghouse.site.model.page import Picture, Section
from clearinghouse.site.model.record import Record


class Endorsement(Value):
    """Who declared that this is the national clearing-house mechanism."""

    by: Line = Field(description="By whom: the office or ministry.")
    date: Day | None = Field(default=None, description="The day of it.")


class Licence(Value):
    """Under which terms the texts may be used."""

    name: Line = Field(description="The licence's name, such as CC BY 4.0.")
    address: Web | None = Field(default=None, description="Where its text is.")


class MenuEntry(Value):
    """A heading of the menu with the sections below it."""

    title: Line = Field(description="The heading.")
    sections: tuple[Section, ...] = Field(min_length=1, description="What is below it, in this order.")


class SiteFacts(Record):
    """site.yaml: the site as a whole."""

    text = "governance"
    heading = "slogan"
    slogan: Line | None = Field(default=None, description="A line below the site's name.")
    institution: Line | None = Field(default=None, description="Who is responsible for the site.")
    governance: Prose | None = Field(default=None, description="How the clearing-house mechanism is run.")
    endorsement: Endorsement | None = Field(default=None, description="Who made it the official one.")
    licence: Licence | None = Field(default=None, description="The terms for texts and data.")
    logo: ImagePath | None = Field(default=None, description="The emblem, in the folder images/.")
    picture: Picture | None = Field(default=None, description="The lead picture of the home page.")
    colours: tuple[Colour, ...] = Field(
        default=("#17603f", "#b0741a"),
        min_length=1,
        max_length=2,
        description="One or two colours from which all others are made.",
    )
    menu: tuple[MenuEntry, ...] = Field(default=(), description="The menu; left out, the usual one.")
    contact: Email | None = Field(default=None, description="Where readers write to, about mistakes too.")
    address: Line | None = Field(default=None, description="The institution's postal address.")
    example: Flag = Field(default=False, description="Whether this is an example, said on every page.")


class CountryFacts(Record):
    """country.yaml: the country and its membership."""

    text = "profile"
    heading = "name"
    name: Line = Field(description="The country's name.")
    code: Country = Field(description="Its ISO 3166 code, two capital letters.")
    capital: Line | None = Field(default=None, description="The capital.")
    area: Amount | None = Field(default=None, description="Its area in square kilometres.")
    population: Amount | None = Field(default=None, description="How many people live there.")
    population_year: Year | None = Field(default=None, description="The year of that figure.")
    convention: Day | None = Field(
        default=None, description="Party to the Convention on Biological Diversity since."
    )
    cartagena: Day | None = Field(default=None, description="Party to the Cartagena Protocol since.")
    nagoya: Day | None = Field(default=None, description="Party to the Nagoya Protocol since.")
    profile: Prose | None = Field(default=None, description="The country and its nature, in Markdown.")
    source: Web | None = Field(default=None, description="Where the figures come from.")


FocalRole = Literal[
    "cbd",
    "chm",
    "sbstta",
    "cartagena",
    "bch",
    "nagoya",
    "abs-ch",
    "protected-areas",
    "resource-mobilisation",
    "gspc",
]


class FocalPoint(Record):
    """focal-points: a person or office that the country has named to the Convention."""

    heading = "name"
    role: FocalRole = Field(description="For what the country has named it.")
    title: Line | None = Field(default=None, description="The person's post.")
    name: Person = Field(description="The person's name.")
    organisation: Line = Field(description="Where the person works.")
    address: Line | None = Field(default=None, description="The postal address.")
    city: Line | None = Field(default=None, description="The town.")
    country: Country = Field(description="The country's code.")
    phones: tuple[Phone, ...] = Field(
        default=(), description="Telephone numbers, with + and the country's number."
    )
    emails: tuple[Email, ...] = Field(default=(), description="E-mail addresses.")
    websites: tuple[Web, ...] = Field(default=(), description="Websites.")
    consent: Flag = Field(
        description="Whether the person agreed to be published; without it nobody is shown."
    )
    review: Day = Field(description="The day by which somebody asks whether this still holds.")
    confirmed: Day | None = Field(default=None, description="The day on which it was last confirmed.")
