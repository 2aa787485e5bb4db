"""Pages of plain text, in Markdown."""

from typing import Literal

from pydantic import Field

from clearinghouse.declare.value import Value
from clearinghouse.site.model.fields import ImagePath, Line, Prose, Web
from clearinghouse.site.model.record import Record

Section = Literal[
    "home",
    "about",
    "country",
    "biodiversity",
    "protected-areas",
    "focal-points",
    "who",
    "nbsap",
    "targets",
    "reports",
    "legislation",
    "projects",
    "funding",
    "science",
    "cooperation",
    "biosafety",
    "abs",
    "library",
    "news",
    "events",
    "education",
    "links",
    "glossary",
    "contact",
    "legal",
    "privacy",
    "accessibility",
]


class Picture(Value):
    """A picture with what a reader needs who does not see it."""

    file: ImagePath = Field(description="The picture, in the folder images/.")
    alternative: Line = Field(description="What is to be seen on it, for those who do not see it.")
    credit: Line | None = Field(default=None, description="Who made it, and under which terms.")


class Page(Record):
    """A page of text: the introduction of the section it is named after (`about`), or a page below one."""

    title: Line = Field(description="What the page is called.")
    section: Section | None = Field(
        default=None, description="The section it lies in; left out, the one that it is named after."
    )
    summary: Line | None = Field(default=None, description="What it is about, in a sentence or two.")
    body: Prose = Field(description="The text, in Markdown.")
    picture: Picture | None = Field(default=None, description="A picture above the text.")
    source: Web | None = Field(default=None, description="Where the information comes from.")
