"""What all records have in common."""

from typing import Any, ClassVar

from pydantic import Field

from clearinghouse.declare.names import Day
from clearinghouse.declare.value import Value
from clearinghouse.site.model.fields import Target, Theme


class Record(Value):
    """A record of some type; a file, or a row of a table, in the folder named after the type."""

    heading: ClassVar[str] = "title"
    """The field by which a record is called."""
    text: ClassVar[str] = "body"
    """The field that the text of a Markdown file is for."""

    updated: Day | None = Field(
        default=None, description="The day of the last change, of each language by itself."
    )

    def get(self, field: str) -> Any:
        """The value of a field; None where this type has no such field: `getattr` takes long to find out."""
        return self.__dict__.get(field)


class Subjects(Value):
    """What a record is about, in the Convention's own terms."""

    themes: tuple[Theme, ...] = Field(default=(), description="The Convention's thematic programmes.")
    targets: tuple[Target, ...] = Field(
        default=(), description="Targets of the Global Biodiversity Framework."
    )
