"""The home page: what visitors come for, what is new, the country in figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clearinghouse.site.content import Entry
from clearinghouse.site.facts import facts
from clearinghouse.site.pages import Spec
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.views.items import items
from clearinghouse.site.views.section import introduction, species
from clearinghouse.site.words import Words

_NEWS = 4
_EVENTS = 3
_WANTED = (("reports", "file"), ("nbsap", "leaf"), ("focal-points", "person"))
"""The three things that visitors come for, and each one's icon."""
_PARTY = ("capital", "area", "population", "source")
"""What of the country is not shown among its memberships."""


@dataclass(frozen=True, slots=True)
class Task:
    """A thing that visitors come for."""

    icon: str
    title: str
    text: Words | None
    href: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number worth knowing."""

    value: str
    label: str
    href: str | None


def home(frame: Frame, _: Spec) -> dict[str, Any]:
    """What home.html.j2 shows."""
    own = introduction(frame, "home")
    lead = frame.content.site.picture
    root = frame.reader.root
    return {
        "lead": own["summary"] or _institution(frame),
        "introduction": own["introduction"],
        "picture": frame.picture(lead) if lead else None,
        "tasks": tuple(_tasks(frame)),
        "news": items(frame, frame.content.of("news")[:_NEWS]),
        "events": items(frame, _to_come(frame)[:_EVENTS]),
        "links": {name: f"{root}{name}/" if name in frame.sections else None for name in ("news", "events")},
        "numbers": tuple(_numbers(frame)),
        "bars": species(frame),
        "party": tuple(facts(frame.content.country, frame.reader, without=_PARTY)),
    }


def _institution(frame: Frame) -> Words | None:
    return frame.site.institution


def _to_come(frame: Frame) -> tuple[Entry, ...]:
    entries = frame.content.of("events")
    return tuple(entry for entry in entries if (entry.record.end or entry.record.start) >= frame.day)  # type: ignore[attr-defined]


def _tasks(frame: Frame) -> Iterator[Task]:
    for section, icon in _WANTED:
        if section in frame.sections:
            newest = frame.content.of(section)[:1]
            text = frame.reader.heading(newest[0]) if newest else None
            if section == "focal-points":
                text = Words(
                    frame.text("Whom to write to about the Convention and its Protocols"), frame.language
                )
            yield Task(icon, frame.section_name(section), text, f"{frame.reader.root}{section}/")


def _numbers(frame: Frame) -> Iterator[Figure]:
    country, reader = frame.content.country, frame.reader
    if country.area is not None:
        yield Figure(reader.speech.area(country.area), frame.text("Area"), f"{reader.root}country/")
    if country.population is not None:
        label, year = frame.text("Population"), country.population_year
        shown = f"{label} ({year})" if year else label
        yield Figure(reader.number(country.population), shown, f"{reader.root}country/")
    areas = len(frame.content.of("protected-areas"))
    if areas:
        href = f"{reader.root}protected-areas/"
        yield Figure(reader.number(areas), frame.section_name("protected-areas"), href)
