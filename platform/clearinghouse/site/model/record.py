"""What all records have in common."""

from typing import ClassVar

from pydantic import Field

from clearinghouse.declare.names import Day
from clearinghouse.declare.value import Value
from clearinghouse.site.model.fields import Line, Prose, Target, Theme


class Record(Value):
    """A record of some type; a file, or a row of a table, in the folder named after the type."""

    heading: ClassVar[str] = "title"
    """The field by which a record is called."""

    updated: Day | None = Field(
        default=None, description="The day of the last change, of each language by itself."
    )


class Titled(Record):
    """A record with a title."""

    title: Line = Field(description="What it is called.")


class Described(Titled):
    """A record with a title, a short text and perhaps a long one."""

    summary: Line | None = Field(default=None, description="What it is about, in a sentence or two.")
    body: Prose | None = Field(default=None, description="The text, in Markdown.")


class Subjects(Value):
    """What a record is about, in the Convention's own terms."""

    themes: tuple[Theme, ...] = Field(default=(), description="The Convention's thematic programmes.")
    targets: tuple[Target, ...] = Field(
        default=(), description="Targets of the Global Biodiversity Framework."
    )
