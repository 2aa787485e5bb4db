"""All records as JSON, a file for each language and type."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from clearinghouse.declare.value import Value
from clearinghouse.site.content import Entry
from clearinghouse.site.feeds.attachments import attachments
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.model.record import Record
from clearinghouse.site.seen import Seen
from clearinghouse.site.texts import clean

# `updated` is said beside the fields, by language; whether somebody agreed to be named is not for others.
_NOT_SHOWN = frozenset(["updated", "consent"])


def records(publication: Publication, seen: Seen) -> Iterator[tuple[str, bytes]]:
    """`fr/records/news.json` and so on, for every language and every type with records.

    The `fields` of a record hold text in the file's language. What is in another, for want of a translation,
    is named in `fallback`: the field (`title`, `picture.alternative`, `partners.0`) and its language. Fields
    that are not given are left out.

    Args:
        publication: what they are made from.
        seen: keeps what was written of each record: of thousands, one changes at a time.
    """
    for language in publication.languages:
        for folder, entries in sorted(publication.content.entries.items()):
            if entries:
                written = [_seen(publication, entry, language, seen) for entry in entries]
                yield f"{language}/records/{folder}.json", _file(publication, folder, language, written)


def _file(publication: Publication, folder: str, language: str, written: Sequence[bytes]) -> bytes:
    licence = publication.content.site.licence
    about: dict[str, Any] = {
        "site": publication.at(""),
        "type": folder,
        "language": language,
        "licence": licence.address if licence else None,
        "records": [],
    }
    return _written(about).removesuffix(b"]}") + b", ".join(written) + b"]}\n"


def _seen(publication: Publication, entry: Entry, language: str, seen: Seen) -> bytes:
    """A record as it is written, of an entry that is the same and files of the same sizes."""
    files: Mapping[str, str] = entry.record.get("files") or {}
    sizes = tuple(publication.content.sizes.get(path) for path in files.values())
    place = (publication.address, publication.languages, language)
    what = ("record", *place, entry.kind.folder, entry.slug, sizes)
    return seen.of_values(what, (entry,), lambda: _written(_record(publication, entry, language)))


def _record(publication: Publication, entry: Entry, language: str) -> dict[str, Any]:
    fields, fallback = _Reader(publication, language).fields(entry.record)
    return {
        "id": entry.slug,
        "address": publication.page(entry, language),
        "updated": {tag: day.isoformat() for tag, day in sorted(entry.updated.items())},
        "outdated": entry.is_outdated(language),
        "fields": fields,
        "fallback": fallback,
    }


def _written(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class _Reader:
    """Reads a record for one language."""

    def __init__(self, publication: Publication, language: str) -> None:
        self._publication = publication
        self._language = language

    def fields(self, record: Value, place: str = "") -> tuple[dict[str, Any], dict[str, str]]:
        """The fields that are given, and the language of those that are in another one."""
        shown: dict[str, Any] = {}
        fallback: dict[str, str] = {}
        for name in type(record).model_fields:
            value = getattr(record, name)
            if value in (None, ()) or name in _NOT_SHOWN:
                continue
            if name == "files" and isinstance(record, Record):
                shown[name] = self._files(record)
            else:
                shown[name], more = self._value(value, f"{place}{name}")
                fallback |= more
        return shown, fallback

    def _value(self, value: Any, place: str) -> tuple[Any, dict[str, str]]:
        if isinstance(value, Mapping):
            words = self._publication.words(value, self._language)
            return clean(words.text), {} if words.language == self._language else {place: words.language}
        if isinstance(value, Value):
            return self.fields(value, f"{place}.")
        if isinstance(value, tuple):
            parts = [self._value(part, f"{place}.{number}") for number, part in enumerate(value)]
            return [part for part, _ in parts], {key: tag for _, more in parts for key, tag in more.items()}
        return _plain(value), {}

    def _files(self, record: Record) -> list[dict[str, Any]]:
        return [
            {"language": file.language, "address": file.address, "type": file.media_type, "bytes": file.size}
            for file in attachments(self._publication, record)
        ]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
