"""The files that records are written in: YAML, Markdown with front matter, and tables (CSV)."""

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin

from clearinghouse.declare.document import TOP, Document, parse
from clearinghouse.declare.file import content_of
from clearinghouse.declare.problem import Finding, Place
from clearinghouse.declare.scalars import resolved
from clearinghouse.declare.tree import Entry, Node
from clearinghouse.site.model.record import Record
from clearinghouse.site.seen import Seen

LONGEST_TEXT = 512 * 1024
"""Bytes of a Markdown file or a table."""
_LANGUAGE = r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?"
_NAME = re.compile(
    rf"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.(?P<language>{_LANGUAGE}))?\.(?P<form>yaml|md|csv)"
)
_SHOULD_NAME = "named in small letters, digits and hyphens, such as forest.yaml, forest.fr.md or parks.csv"


@dataclass(frozen=True, slots=True)
class Source:
    """One text of a record.

    Attributes:
        path: the file as people see it.
        slug: the record's.
        language: the language of its texts; None where each text says its own.
        document: what it says.
    """

    path: Path
    slug: str
    language: str | None
    document: Document


def sources(folder: Path, seen_as: Path, model: type[Record], seen: Seen) -> Iterator[Source]:
    """All texts in the folder of a type, by name; one that cannot be read has findings."""
    for name in sorted(os.listdir(folder)) if folder.is_dir() else ():
        if not name.startswith("."):
            read = partial(_all_of_file, folder, seen_as, name, model)
            yield from seen.of_file(f"{folder}/{name}", model, read)


def _all_of_file(folder: Path, seen_as: Path, name: str, model: type[Record]) -> tuple[Source, ...]:
    return tuple(_of_file(folder / name, seen_as / name, model))


def single(path: Path, seen_as: Path, slug: str) -> Source:
    """The text of a file that holds one record, such as site.yaml."""
    return Source(seen_as, slug, None, _yaml(path))


def _of_file(path: Path, seen_as: Path, model: type[Record]) -> Iterator[Source]:
    name = _NAME.fullmatch(path.name)
    if not name:
        yield Source(seen_as, path.name, None, _refused(Finding((), _SHOULD_NAME, path.name, place=TOP)))
    elif name["form"] == "csv":
        yield from _rows(path, seen_as, name["language"], model)
    else:
        document = _yaml(path) if name["form"] == "yaml" else _markdown(path, model.text)
        yield Source(seen_as, name["slug"], name["language"], document)


def _refused(finding: Finding) -> Document:
    return Document(None, (finding,), frozenset())


def _yaml(path: Path) -> Document:
    content = content_of(path)
    return _refused(content) if isinstance(content, Finding) else parse(content)


def _text(path: Path) -> str | Finding:
    content = content_of(path, LONGEST_TEXT)
    if isinstance(content, Finding):
        return content
    if len(content) > LONGEST_TEXT:
        return Finding((), f"a file of at most {LONGEST_TEXT // 1024} KiB", "larger", place=TOP)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Finding((), "UTF-8 text", f"0x{content[error.start]:02X} here", place=Place(line, 1))


def _markdown(path: Path, field: str) -> Document:
    """The front matter's tree, with the text below it as one more entry."""
    text = _text(path)
    if isinstance(text, Finding):
        return _refused(text)
    front = re.match(r"---[ \t]*\n(?P<fields>.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not front:
        should = "begun with a line ---, the fields, and a line --- before the text"
        return _refused(Finding((), should, "without", place=TOP))
    # A blank line in place of the first --- keeps every place where it is.
    document = parse(b"\n" + front["fields"].encode())
    body = text[front.end() :]
    if document.root and isinstance(document.root.value, dict) and body.strip():
        blank = len(body) - len(body.lstrip("\n"))
        place = Place(text[: front.end()].count("\n") + 1 + blank, 1)
        document.root.value.setdefault(field, Entry(place, Node(place, body.strip())))
    return document


def _rows(path: Path, seen_as: Path, language: str | None, model: type[Record]) -> Iterator[Source]:
    text = _text(path)
    if isinstance(text, Finding):
        yield Source(seen_as, path.name, language, _refused(text))
        return
    heading = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=heading.count), strict=True)
    try:
        yield from _records(reader, seen_as, language, model)
    except csv.Error as error:
        place = Place(max(reader.line_num, 1), 1)
        finding = Finding(
            (), "a table in CSV", f"broken: {error}", "is a closing quote missing?", place=place
        )
        yield Source(seen_as, path.name, language, _refused(finding))


def _records(reader: Any, seen_as: Path, language: str | None, model: type[Record]) -> Iterator[Source]:
    columns = [column.strip() for column in next(reader, [])]
    if "id" not in columns:
        finding = Finding(
            (), "a table whose first line names its columns, id among them", "without id", place=TOP
        )
        yield Source(seen_as, seen_as.name, language, _refused(finding))
        return
    start = reader.line_num + 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield _record(
                dict(zip(columns, row, strict=False)),
                len(row) - len(columns),
                start,
                seen_as,
                language,
                model,
            )
        start = reader.line_num + 1


def _record(
    cells: Mapping[str, str],
    surplus: int,
    line: int,
    seen_as: Path,
    language: str | None,
    model: type[Record],
) -> Source:
    place = Place(line, 1)
    slug = cells["id"].strip()
    findings = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        findings.append(
            Finding(("id",), "small letters a to z, digits and hyphens", slug or "empty", place=place)
        )
    if surplus > 0:
        findings.append(
            Finding((), "a row of as many cells as there are columns", f"{surplus} more", place=place)
        )
    root = Node(place, {})
    for column, cell in cells.items():
        if column and column != "id" and cell.strip():
            _put(root, column.split("."), cell.strip(), place, model)
    return Source(seen_as, slug or "row", language, Document(root, tuple(findings), frozenset()))


def _put(root: Node, way: Sequence[str], cell: str, place: Place, model: type[Record]) -> None:
    entries = root.value
    for part in way[:-1]:
        if not isinstance(entries, dict):
            return
        entries = entries.setdefault(part, Entry(place, Node(place, {}))).node.value
    if isinstance(entries, dict):
        field = model.model_fields.get(way[0])
        entries[way[-1]] = Entry(place, _cell(cell, place, field.annotation if field else str))


def _cell(cell: str, place: Place, annotation: Any) -> Node:
    """A list where the field is one, a number where it is one, otherwise text."""
    inner = _inner_of_list(annotation)
    if inner is not None:
        parts = [part.strip() for part in re.split(r"[;|]", cell) if part.strip()]
        return Node(place, tuple(_cell(part, place, inner) for part in parts))
    return Node(place, resolved(cell) if _is_figure(annotation) else cell)


def _inner_of_list(annotation: Any) -> Any:
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    return next((found for part in get_args(annotation) if (found := _inner_of_list(part)) is not None), None)


def _is_figure(annotation: Any) -> bool:
    return annotation in (int, bool, Decimal) or any(map(_is_figure, get_args(annotation)))
