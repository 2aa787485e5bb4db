"""Every page's own frame: title, way, languages, dates, feeds."""

from datetime import date

from clearinghouse.site import markup
from clearinghouse.site.content import Entry
from clearinghouse.site.pages import Filter, Spec
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.views.values import Feed, PageView
from clearinghouse.site.vocabulary import targets
from clearinghouse.site.words import Words, nearest

_LONGEST_DESCRIPTION = 160
_FEEDS = {"news": "news", "events": "events", "library": "documents"}
_LISTS = frozenset(["library", "news", "events", "home"])
_ATOM = "application/atom+xml"


def page(frame: Frame, spec: Spec) -> PageView:
    """What base.html.j2 shows of a page."""
    shown = spec.entry or (frame.introductions.get(spec.section or "") if spec.filter is None else None)
    written = _written_in(frame, shown)
    alternates = frame.alternates(spec)
    is_outdated = shown is not None and written == frame.language and shown.is_outdated(frame.language)
    return PageView(
        title=title(frame, spec),
        description=_description(frame, spec, shown),
        path=spec.path,
        section=spec.section,
        trail=_trail(frame, spec),
        alternates=alternates,
        written_in=written,
        updated=_updated(shown, written),
        source=shown.record.get("source") if shown else None,
        is_fallback=written != frame.language,
        is_outdated=is_outdated,
        original=next((each for each in alternates if each.is_there), None) if is_outdated else None,
        is_indexed=_is_indexed(spec) and written == frame.language,
        feeds=_feeds(frame, spec),
    )


def _is_indexed(spec: Spec) -> bool:
    """Whether the search finds a page: not those that list what has pages of its own."""
    is_list = spec.entry is None and spec.section in _LISTS
    return spec.template not in ("search", "missing", "sitemap") and not is_list


def title(frame: Frame, spec: Spec) -> Words:
    """What a page is called."""
    reader = frame.reader
    if spec.entry:
        return reader.heading(spec.entry)
    if spec.template in ("search", "sitemap"):
        return Words(frame.section_name(spec.template), frame.language)
    if spec.template == "missing":
        return Words(frame.text("This page is not here"), frame.language)
    if spec.section == "home":
        return frame.site.slogan or frame.site.country
    if spec.filter:
        return Words(filter_name(frame, spec.filter), frame.language)
    return Words(frame.section_name(spec.section or ""), frame.language)


def filter_name(frame: Frame, by: Filter) -> str:
    """What a part of the library is called."""
    if by.by == "type":
        return frame.reader.label("Document.type", by.value)
    if by.by == "language":
        name = frame.reader.speech.language_name(by.value)
        return name[:1].upper() + name[1:]
    number = int(by.value)
    name = frame.reader.words(targets()[number].title).text
    return frame.text("Target %(number)s: %(name)s") % {"number": frame.reader.number(number), "name": name}


def _written_in(frame: Frame, entry: Entry | None) -> str:
    """The language of a page's main text: the reader's, unless the record has none of it."""
    if entry is None or frame.language in entry.languages:
        return frame.language
    order = frame.content.languages
    return nearest(frame.language, entry.languages, order) or frame.reader.heading(entry).language


def _updated(entry: Entry | None, written: str) -> date | None:
    if entry is None:
        return None
    return entry.updated.get(written) or entry.record.updated or entry.record.get("date")


def _description(frame: Frame, spec: Spec, entry: Entry | None) -> str:
    """A sentence for search engines."""
    if entry is not None:
        if summary := frame.reader.summary(entry):
            return summary.text
        text = entry.record.get(entry.record.text)
        if text:
            return markup.plain(frame.reader.words(text).text, _LONGEST_DESCRIPTION)
    if spec.section == "home" and frame.site.institution:
        return frame.site.institution.text
    mechanism = frame.text("Clearing-House Mechanism of the Convention on Biological Diversity")
    return f"{title(frame, spec).text} – {frame.site.country.text}. {mechanism}"


def _trail(frame: Frame, spec: Spec) -> tuple[tuple[str, str | None], ...]:
    if spec.section is None or not (spec.entry or spec.filter):
        return ()
    return ((frame.section_name(spec.section), f"{frame.reader.root}{spec.section}/"),)


def _feeds(frame: Frame, spec: Spec) -> tuple[Feed, ...]:
    root, country = frame.reader.root, frame.site.country.text
    found = [Feed(country, f"{root}atom.xml", _ATOM)]
    folder = _FEEDS.get(spec.section or "")
    if folder and frame.content.of(folder):
        name = f"{country} – {frame.section_name(spec.section or '')}"
        found.append(Feed(name, f"{root}{spec.section}/atom.xml", _ATOM))
    return tuple(found)
