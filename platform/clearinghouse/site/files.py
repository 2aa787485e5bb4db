"""A partner's documents as readers get them: type, size and language before the click."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from clearinghouse.site.content import Content, Entry
from clearinghouse.site.words import nearest


@dataclass(frozen=True, slots=True)
class FileView:
    """A document to read or keep.

    Attributes:
        href: its address.
        language: the language that it is written in.
        type: such as PDF.
        size: bytes.
    """

    href: str
    language: str
    type: str
    size: int


def files_of(content: Content, entry: Entry, language: str) -> tuple[FileView, ...]:
    """The documents of a record, the one in the reader's language first."""
    files: Mapping[str, str] = entry.record.get("files") or {}
    first = nearest(language, files, content.languages)
    return tuple(sorted(_views(content, files), key=lambda file: (file.language != first, file.language)))


def _views(content: Content, files: Mapping[str, str]) -> Iterator[FileView]:
    for language, path in files.items():
        kind = PurePosixPath(path).suffix.removeprefix(".").upper()
        yield FileView(f"/files/{quote(path)}", language, kind or "?", content.sizes.get(path, 0))


def published(content: Content) -> tuple[str, ...]:
    """The files that the site gives out: those that a record names, and no other."""
    named = {path for entry in content.all for path in (entry.record.get("files") or {}).values()}
    return tuple(sorted(named))
