"""What there is to read and learn: documents, links, learning resources, terms, questions."""

from typing import Literal

from pydantic import Field

from clearinghouse.declare.names import Day, Language
from clearinghouse.site.model.fields import Files, Line, OneLine, Person, Prose, Web
from clearinghouse.site.model.record import Record, Subjects

DocumentType = Literal[
    "report",
    "strategy",
    "law",
    "study",
    "guide",
    "leaflet",
    "map",
    "dataset",
    "presentation",
    "thesis",
    "newsletter",
    "other",
]


class Document(Record, Subjects):
    """documents: something in the library."""

    title: Line = Field(description="Its title.")
    type: DocumentType = Field(description="What it is.")
    authors: tuple[Person, ...] = Field(min_length=1, description="Who wrote it.")
    date: Day = Field(description="The day it was published.")
    languages: tuple[Language, ...] = Field(min_length=1, description="The languages it is written in.")
    files: Files | None = Field(default=None, description="The document by language.")
    link: Web | None = Field(default=None, description="Where it is, when it is not in files/.")
    summary: Line | None = Field(default=None, description="What it is about, in a sentence or two.")
    publisher: Person | None = Field(default=None, description="Who published it.")
    rights: OneLine | None = Field(default=None, description="The terms under which it may be used.")


class Link(Record):
    """links: another website."""

    title: Line = Field(description="Its name.")
    link: Web = Field(description="Its address.")
    summary: Line | None = Field(default=None, description="What is to be found there.")
    group: Literal["convention", "national", "regional", "data", "organisations"] = Field(
        default="organisations", description="The heading it stands below."
    )


class LearningResource(Record, Subjects):
    """learning: something to teach or learn with."""

    title: Line = Field(description="Its title.")
    type: Literal["course", "video", "lesson", "game", "poster", "kit"] = Field(description="What it is.")
    audience: Literal["children", "schools", "students", "professionals", "public"] = Field(
        description="For whom."
    )
    languages: tuple[Language, ...] = Field(default=(), description="The languages it is in.")
    files: Files | None = Field(default=None, description="The file by language.")
    link: Web | None = Field(default=None, description="Where it is, when it is not in files/.")
    summary: Line | None = Field(default=None, description="What it is about.")


class Term(Record):
    """glossary: a word and what it means."""

    text = "meaning"
    heading = "term"
    term: Line = Field(description="The word.")
    meaning: Prose = Field(description="What it means, in Markdown.")


class Question(Record):
    """faq: a question that is often asked."""

    text = "answer"
    heading = "question"
    question: Line = Field(description="The question.")
    answer: Prose = Field(description="The answer, in Markdown.")


class BiosafetyRecord(Record):
    """biosafety: a decision, risk assessment, contact or text on living modified organisms."""

    title: Line = Field(description="Its title.")
    kind: Literal["decision", "risk-assessment", "authority", "law", "capacity", "guidance"] = Field(
        description="What it is."
    )
    date: Day | None = Field(default=None, description="Its day.")
    body: Prose | None = Field(default=None, description="The text, in Markdown.")
    files: Files | None = Field(default=None, description="The document by language.")
    link: Web | None = Field(default=None, description="Where it is.")


class AbsRecord(Record):
    """abs: a permit, authority, law or text on access to genetic resources and sharing of their benefits."""

    title: Line = Field(description="Its title.")
    kind: Literal["permit", "authority", "checkpoint", "law", "protocol", "clause", "guidance"] = Field(
        description="What it is."
    )
    date: Day | None = Field(default=None, description="Its day.")
    body: Prose | None = Field(default=None, description="The text, in Markdown.")
    files: Files | None = Field(default=None, description="The document by language.")
    link: Web | None = Field(default=None, description="Where it is.")
