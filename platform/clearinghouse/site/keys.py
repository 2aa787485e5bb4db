"""What each page is made from, as a hash: a page with the same key has the same bytes.

A key holds more than a page shows, never less: everything but the records is in every key; of the records,
the page of one has its own, and what it relates to; every other page has all, but for the texts that only
the pages of their records show.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from clearinghouse.site.content import Entry
from clearinghouse.site.files import published
from clearinghouse.site.menu import SECTIONS
from clearinghouse.site.pages import Spec
from clearinghouse.site.renderer import Site, file_of
from clearinghouse.site.seen import Seen


def keys(site: Site, generator: str, seen: Seen) -> dict[str, str]:
    """The key of every page by its path.

    Args:
        site: all that rendering needs.
        generator: the hash of the code, the templates and the libraries.
        seen: keeps the hashes of records.
    """
    made = _Keys(site, generator, seen)
    return {
        file_of(language, spec): made.of(language, spec)
        for language in site.content.languages
        for spec in site.specs
    }


class _Keys:
    """Keys of one site."""

    def __init__(self, site: Site, generator: str, seen: Seen) -> None:
        marks = {id(entry): _marks(entry, seen) for entry in site.content.all}
        self._marks = marks
        self._frame = _hash(generator, *_frame(site))
        everything = site.content.all
        self._related = _hash([marks[id(entry)][0] for entry in everything if entry.targets])
        self._all = _hash(
            [marks[id(entry)][0] if _is_shown_alone(entry) else marks[id(entry)] for entry in everything]
        )

    def of(self, language: str, spec: Spec) -> str:
        """A page's."""
        place = (self._frame, language, spec.path, spec.template, spec.section)
        if spec.entry is None:
            return _hash(*place, self._all)
        return _hash(*place, self._marks[id(spec.entry)], self._related if spec.entry.targets else "")


def _frame(site: Site) -> Iterable[Any]:
    """What every page may show: everything but what the records say."""
    content = site.content
    yield content.partner.model_dump_json()
    yield content.site.model_dump_json()
    yield content.country.model_dump_json()
    yield site.address, str(site.day), repr(site.assets), sorted(content.sizes.items()), published(content)
    yield [(name, repr(_without_place(each))) for name, each in sorted(site.pictures.items())]
    yield [(each.kind.folder, each.path, each.languages, each.targets) for each in content.all]


def _without_place(variants: Any) -> Any:
    return variants.width, variants.height, [(each.name, each.type, each.width) for each in variants.files]


def _marks(entry: Entry, seen: Seen) -> tuple[str, str]:
    """The hash of a record without its text, and that of its text."""

    def marks() -> tuple[str, str]:
        record = entry.record
        text = record.get(record.text)
        body = list(text.items()) if isinstance(text, Mapping) else text
        place = (entry.kind.folder, entry.slug, entry.languages, str(entry.source))
        updated = sorted((language, str(day)) for language, day in entry.updated.items())
        return _hash(*place, updated, record.model_dump_json(exclude={record.text})), _hash(body)

    values = (entry.record, entry.updated)
    return seen.of_values(("marks", entry.kind.folder, entry.slug, entry.languages), values, marks)


def _is_shown_alone(entry: Entry) -> bool:
    """Whether the text of a record is on its own page and no other."""
    return entry.kind.has_pages and not (entry.kind.folder == "pages" and entry.slug in SECTIONS)


def _hash(*parts: object) -> str:
    """The hash of plain values: what `repr` says of texts, numbers, tuples and lists tells them apart."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()
