"""The page of all pages."""

from dataclasses import dataclass
from typing import Any

from clearinghouse.site.content import Entry
from clearinghouse.site.menu import pages_below, records_of
from clearinghouse.site.pages import Spec
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.words import Words


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page."""

    title: Words
    href: str


@dataclass(frozen=True, slots=True)
class SectionLinks:
    """A section and its pages."""

    title: str
    href: str
    pages: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class HeadingLinks:
    """A heading of the menu and its sections."""

    title: str
    sections: tuple[SectionLinks, ...]


def sitemap(frame: Frame, _: Spec) -> dict[str, Any]:
    """What sitemap.html.j2 shows: the menu's sections, and those beside it."""
    headings = tuple(
        HeadingLinks(each.title, tuple(_section(frame, entry.title, entry.href) for entry in each.entries))
        for each in frame.menu(None)
    )
    others = tuple(_section(frame, link.title, link.href) for link in frame.site.links)
    return {"headings": (*headings, HeadingLinks(frame.text("About this site"), others))}


def _section(frame: Frame, title: str, href: str) -> SectionLinks:
    name = href.removeprefix(frame.reader.root).strip("/")
    records = (entry for found in records_of(frame.content, name).values() for entry in found)
    pages = (*(entry for entry in records if entry.kind.has_pages), *pages_below(frame.content, name))
    return SectionLinks(title, href, tuple(_link(frame, entry) for entry in pages))


def _link(frame: Frame, entry: Entry) -> PageLink:
    return PageLink(frame.reader.heading(entry), frame.reader.href(entry))
