"""The pages of sections: an introduction, and what is in the section, in groups."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from markupsafe import Markup

from clearinghouse.site.content import Entry
from clearinghouse.site.facts import Fact, facts
from clearinghouse.site.maps import Point, points_map
from clearinghouse.site.menu import pages_below, records_of
from clearinghouse.site.model.nature import ProtectedArea, SpeciesFigure
from clearinghouse.site.pages import Spec
from clearinghouse.site.statements import statement
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.views.items import body, item, items, people
from clearinghouse.site.views.values import Bar, Bars, Chart, Group, Link, People, Place

_WHOLE = frozenset(["ecosystems", "glossary", "faq", "biosafety", "abs", "offers", "needs"])
"""Records that are shown with all of their text where their section lists them."""
_TERMS = frozenset(["glossary", "faq"])
_BY_ALPHABET = frozenset(["glossary", "organisations", "protected-areas", "links", "funding"])


def section(frame: Frame, spec: Spec) -> dict[str, Any]:
    """What section.html.j2 shows."""
    name = spec.section or ""
    return {
        **introduction(frame, name),
        "facts": country_facts(frame) if name == "country" else (),
        "charts": tuple(_charts(frame, name)),
        "groups": tuple(groups(frame, name)),
        "pager": None,
        "subscribe": subscribe(frame, name),
    }


def focal_points(frame: Frame, _: Spec) -> dict[str, Any]:
    """What people.html.j2 shows of focal points."""
    found = people(frame, "focal-points")
    shown = (People(None, None, found),) if found else ()
    return {**introduction(frame, "focal-points"), "groups": shown, "others": _below(frame, "focal-points")}


def who(frame: Frame, _: Spec) -> dict[str, Any]:
    """What people.html.j2 shows of experts, and organisations below them."""
    found = people(frame, "experts")
    name = frame.reader.label("folder", "experts")
    shown = (People(name, "experts", found),) if found else ()
    others = _group(frame, "organisations", frame.content.of("organisations"), titled=True)
    below = tuple(others) if frame.content.of("organisations") else ()
    return {**introduction(frame, "who"), "groups": shown, "others": (*below, *_below(frame, "who"))}


def introduction(frame: Frame, name: str) -> dict[str, Any]:
    """The text and picture at the top of a section; the platform's own words where a site needs some."""
    entry = frame.introductions.get(name)
    picture = entry.record.get("picture") if entry else None
    text = body(frame, entry) if entry else statement(frame, name)
    if name == "country" and entry is None and frame.content.country.profile:
        source = Path("stacks", frame.content.folder.name, "country.yaml")
        text = frame.prose(frame.content.country.profile, lambda _: source)
    return {
        "summary": frame.reader.summary(entry) if entry else None,
        "introduction": text,
        "picture": frame.picture(picture) if picture else None,
    }


def country_facts(frame: Frame) -> tuple[Fact, ...]:
    """The country in figures and dates."""
    return tuple(facts(frame.content.country, frame.reader))


def subscribe(frame: Frame, name: str) -> tuple[Link, ...]:
    """Where to follow a section."""
    root = f"{frame.reader.root}{name}/"
    folder = {"news": "news", "events": "events", "library": "documents"}.get(name)
    if not folder or not frame.content.of(folder):
        return ()
    calendar = (Link(frame.text("Calendar (iCalendar)"), f"{root}calendar.ics"),) if name == "events" else ()
    return (Link(frame.text("News feed (Atom)"), f"{root}atom.xml"), *calendar)


def groups(frame: Frame, name: str) -> Iterator[Group]:
    """The records of a section by their type, then the pages below it."""
    found = records_of(frame.content, name)
    for folder, entries in found.items():
        titled = len(found) > 1
        yield from _group(frame, folder, entries, titled=titled)
    yield from _below(frame, name)


def _below(frame: Frame, name: str) -> tuple[Group, ...]:
    pages = pages_below(frame.content, name)
    if not pages:
        return ()
    return (Group(frame.text("More on this"), "more", items(frame, pages)),)


def _group(frame: Frame, folder: str, entries: tuple[Entry, ...], *, titled: bool) -> Iterator[Group]:
    title = frame.reader.label("folder", folder) if titled else None
    if folder == "species":
        yield Group(frame.text("Species"), "species", layout="bars", bars=species(frame))
    elif folder == "events":
        yield from _events(frame, entries)
    elif folder == "links":
        yield from _by_group(frame, entries)
    else:
        layout = "terms" if folder in _TERMS else "cards" if folder == "news" else "list"
        yield Group(
            title, folder, items(frame, _sorted(frame, folder, entries), is_whole=folder in _WHOLE), layout
        )


def _sorted(frame: Frame, folder: str, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    if folder not in _BY_ALPHABET:
        return entries
    return tuple(sorted(entries, key=lambda entry: (frame.reader.heading(entry).text.casefold(), entry.slug)))


def _events(frame: Frame, entries: tuple[Entry, ...]) -> Iterator[Group]:
    """Those to come, the next one first; then the past ones, the last one first."""
    to_come = tuple(entry for entry in entries if _last_day(entry) >= frame.day)
    past = tuple(entry for entry in reversed(entries) if _last_day(entry) < frame.day)
    if to_come:
        yield Group(frame.text("To come"), "to-come", items(frame, to_come))
    if past:
        yield Group(frame.text("Past"), "past", items(frame, past))


def _last_day(entry: Entry) -> Any:
    record: Any = entry.record
    return record.end or record.start


def _by_group(frame: Frame, entries: tuple[Entry, ...]) -> Iterator[Group]:
    by_group: dict[str, list[Entry]] = {}
    for entry in _sorted(frame, "links", entries):
        by_group.setdefault(entry.record.group, []).append(entry)  # type: ignore[attr-defined]
    for name, found in sorted(by_group.items()):
        yield Group(frame.reader.label("Link.group", name), name, items(frame, found))


def species(frame: Frame) -> Bars | None:
    """How many species are known and threatened, by group."""
    figures = [
        entry.record for entry in frame.content.of("species") if isinstance(entry.record, SpeciesFigure)
    ]
    if not figures:
        return None
    most = max(each.known for each in figures) or Decimal(1)
    years = sorted({each.year for each in figures})
    sources = list(dict.fromkeys(frame.reader.say(each.source) for each in figures))
    when = years[0] if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
    return Bars(
        caption=frame.text("Known species, and how many of them are threatened"),
        label=frame.text("Group"),
        first=frame.text("Known"),
        second=frame.text("Threatened"),
        rows=tuple(_bar(frame, each, most) for each in sorted(figures, key=lambda each: -each.known)),
        source=_sources(sources, str(when)),
        link=figures[0].link if len(sources) == 1 else None,
    )


def _sources(sources: list[Markup], when: str) -> Markup:
    """One a line, as they may be in several languages and run in several directions."""
    if len(sources) == 1:
        return Markup("{} ({})").format(sources[0], when)
    return Markup("<br>").join([*sources, Markup.escape(when)])


def _bar(frame: Frame, figure: SpeciesFigure, most: Decimal) -> Bar:
    threatened = figure.threatened
    return Bar(
        label=frame.reader.words(figure.group),
        first=frame.reader.number(figure.known),
        second=frame.reader.number(threatened) if threatened is not None else None,
        share=f"{figure.known / most * 100:.1f}",
        part=f"{threatened / most * 100:.1f}" if threatened is not None else None,
    )


def _charts(frame: Frame, name: str) -> Iterator[Chart]:
    if name == "protected-areas":
        shown = tuple(_shown(frame))
        if shown:
            title = frame.text("Map of the protected areas")
            points = tuple(_point(frame, number, *each) for number, each in enumerate(shown, 1))
            drawn = points_map(
                points,
                title=title,
                description=_list_of(points),
                compass=_compass(frame),
                kilometre=frame.text("km"),
            )
            places = tuple(Place(frame.reader.heading(entry), frame.reader.href(entry)) for entry, _ in shown)
            yield Chart(Markup(drawn), title, places=places)  # escaped: site/maps.py


def _shown(frame: Frame) -> Iterator[tuple[Entry, ProtectedArea]]:
    """The protected areas of which it is known where they are, as their list has them."""
    for entry in _sorted(frame, "protected-areas", frame.content.of("protected-areas")):
        record = entry.record
        if isinstance(record, ProtectedArea) and record.latitude is not None and record.longitude is not None:
            yield entry, record


def _point(frame: Frame, number: int, entry: Entry, area: ProtectedArea) -> Point:
    return Point(
        frame.reader.heading(entry).text,
        float(area.latitude or 0),
        float(area.longitude or 0),
        float(area.area) if area.area is not None else None,
        frame.reader.href(entry),
        number,
    )


def _compass(frame: Frame) -> tuple[str, str, str, str]:
    """The first letters of north, south, east and west."""
    return frame.text("N"), frame.text("S"), frame.text("E"), frame.text("W")


def _list_of(points: tuple[Point, ...]) -> str:
    return ", ".join(point.name for point in points)


def whole(frame: Frame, entries: Mapping[str, tuple[Entry, ...]]) -> tuple[Group, ...]:
    """Groups of related records."""
    return tuple(
        Group(frame.reader.label("folder", folder), folder, tuple(item(frame, entry) for entry in found))
        for folder, found in entries.items()
    )
