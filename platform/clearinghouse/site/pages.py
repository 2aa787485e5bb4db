"""The pages that a site has in each of its languages."""

from collections.abc import Iterator
from dataclasses import dataclass

from clearinghouse.site.content import Content, Entry
from clearinghouse.site.menu import pages_below, sections
from clearinghouse.site.model.library import Document


@dataclass(frozen=True, slots=True)
class Filter:
    """A part of the library.

    Attributes:
        by: `type`, `language` or `target`.
        value: such as `report`, `fr` or `3`.
    """

    by: str
    value: str

    @property
    def path(self) -> str:
        """Its address below the library's."""
        return f"{self.by}/{self.value}/"


@dataclass(frozen=True, slots=True)
class Spec:
    """A page to be made.

    Attributes:
        path: its address below a language's: nothing for the home page, `news/`, `news/2026-journee/`.
        template: the template's name, without its ending.
        section: the section that it is or lies in.
        entry: the record that it shows.
        filter: the part of the library that it shows.
    """

    path: str
    template: str
    section: str | None = None
    entry: Entry | None = None
    filter: Filter | None = None


def specs(content: Content) -> tuple[Spec, ...]:
    """All pages, in the order of the site."""
    return (*_sections(content), *_entries(content), *_filters(content), *_OTHERS)


_OTHERS = (Spec("sitemap/", "sitemap"), Spec("search/", "search"), Spec("404.html", "missing"))
_TEMPLATES = {"home": "home", "library": "library", "focal-points": "people", "who": "people"}


def _sections(content: Content) -> Iterator[Spec]:
    for name in sections(content):
        path = "" if name == "home" else f"{name}/"
        yield Spec(path, _TEMPLATES.get(name, "section"), name)


def _entries(content: Content) -> Iterator[Spec]:
    for entry in content.all:
        if entry.kind.folder != "pages" and entry.kind.has_pages:
            yield Spec(entry.path, "entry", entry.kind.section, entry)
    for name in sections(content):
        for entry in pages_below(content, name):
            yield Spec(f"{name}/{entry.slug}/", "entry", name, entry)


def _filters(content: Content) -> Iterator[Spec]:
    for each in filters(content):
        yield Spec(f"library/{each.path}", "library", "library", filter=each)


def filters(content: Content) -> tuple[Filter, ...]:
    """The parts of the library that have something in them; every global target that any record names."""
    documents = [each.record for each in content.of("documents") if isinstance(each.record, Document)]
    languages = {language for each in documents for language in each.languages}
    numbers = {number for entry in content.all for number in entry.targets}
    return (
        *(Filter("type", kind) for kind in sorted({each.type for each in documents})),
        *(Filter("language", tag) for tag in sorted(languages)),
        *(Filter("target", str(number)) for number in sorted(numbers)),
    )


def selected(content: Content, by: Filter | None) -> tuple[Entry, ...]:
    """The records that a part of the library shows; of a target, those of all types that serve it."""
    if by is None:
        return content.of("documents")
    if by.by == "target":
        return tuple(entry for entry in content.all if int(by.value) in entry.targets)
    return tuple(entry for entry in content.of("documents") if _is_in(entry, by))


def _is_in(entry: Entry, by: Filter) -> bool:
    record = entry.record
    if not isinstance(record, Document):
        return False
    return by.value == record.type if by.by == "type" else by.value in record.languages
