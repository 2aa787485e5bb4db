"""What the country has decided and reported: strategy, targets, reports, laws."""

from typing import Annotated, Literal

from pydantic import Field

from clearinghouse.declare.names import Day
from clearinghouse.declare.quantities import whole
from clearinghouse.declare.value import Value
from clearinghouse.site.model.fields import Files, Line, Period, Prose, Target, Web
from clearinghouse.site.model.record import Record, Subjects


class Nbsap(Record):
    """nbsap: a national biodiversity strategy and action plan."""

    title: Line = Field(description="Its title.")
    period: Period = Field(description="The years it is for.")
    status: Literal["draft", "adopted", "under-revision", "superseded"] | None = Field(
        default=None, description="Where it stands."
    )
    adopted: Day | None = Field(default=None, description="The day it was adopted.")
    approved_by: Line | None = Field(default=None, description="Who adopted it.")
    files: Files = Field(description="The document by language.")
    summary: Line | None = Field(default=None, description="What it is about, in a sentence or two.")


class Alignment(Value):
    """How far a national target serves one of the Global Biodiversity Framework."""

    target: Target = Field(description="The target's number.")
    degree: Literal["high", "medium", "low"] = Field(description="How far.")


class NationalTarget(Record):
    """targets: a national target."""

    text = "description"
    title: Line = Field(description="Its title.")
    description: Prose = Field(description="What is to be reached, in Markdown.")
    alignment: tuple[Alignment, ...] = Field(default=(), description="The global targets that it serves.")
    indicators: tuple[Line, ...] = Field(default=(), description="How it is measured.")
    progress: Literal["achieved", "on-track", "some-progress", "no-change", "unknown"] | None = Field(
        default=None, description="How far the country is."
    )
    year: Annotated[int, whole(1992, 2200)] | None = Field(default=None, description="By which year.")


class Report(Record):
    """reports: a national report to the Convention or a Protocol."""

    heading = "title"
    title: Line | None = Field(default=None, description="Its title; left out, made from its number.")
    number: Annotated[int, whole(1, 20)] = Field(description="The how-manieth.")
    under: Literal["convention", "cartagena", "nagoya"] = Field(
        default="convention", description="To which agreement."
    )
    period: Period = Field(description="The years it is about.")
    date: Day = Field(description="The day it was submitted.")
    files: Files = Field(description="The document by language.")
    summary: Line | None = Field(default=None, description="What it is about, in a sentence or two.")


class Law(Record, Subjects):
    """legislation: a law, decree or other rule."""

    title: Line = Field(description="Its title.")
    kind: Literal["constitution", "law", "decree", "order", "regulation", "policy", "treaty"] = Field(
        description="What it is."
    )
    date: Day | None = Field(default=None, description="The day it was made.")
    status: Literal["in-force", "draft", "amended", "repealed"] | None = Field(
        default=None, description="Whether it holds."
    )
    files: Files | None = Field(default=None, description="The text by language.")
    link: Web | None = Field(default=None, description="Where the text is.")
    summary: Line | None = Field(default=None, description="What it says, in a sentence or two.")
