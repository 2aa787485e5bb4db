"""What happens: news and events."""

from pydantic import Field

from clearinghouse.declare.names import Day
from clearinghouse.site.model.fields import Line, Prose, Web
from clearinghouse.site.model.page import Picture
from clearinghouse.site.model.record import Record, Subjects


class News(Record, Subjects):
    """news: something that happened."""

    title: Line = Field(description="The headline.")
    date: Day = Field(description="The day of it.")
    summary: Line | None = Field(default=None, description="What it is about, in a sentence or two.")
    body: Prose = Field(description="The text, in Markdown.")
    picture: Picture | None = Field(default=None, description="A picture, with credit and alternative text.")


class Event(Record, Subjects):
    """events: something that takes place on days to come."""

    title: Line = Field(description="Its title.")
    start: Day = Field(description="The first day.")
    end: Day | None = Field(default=None, description="The last day.")
    place: Line | None = Field(default=None, description="Where.")
    link: Web | None = Field(default=None, description="Where to take part online, or to read more.")
    organiser: Line | None = Field(default=None, description="Who holds it.")
    body: Prose | None = Field(default=None, description="More about it, in Markdown.")
