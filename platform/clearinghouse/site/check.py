"""What must hold between records and with the files beside them; then all of it is a Content."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, get_args

from clearinghouse.declare.partner import Partner
from clearinghouse.declare.problem import Finding, Key, Problem, in_order
from clearinghouse.declare.should import meant
from clearinghouse.site.content import Content, Entry
from clearinghouse.site.gather import Gathered, Written, entry, gather
from clearinghouse.site.model.country import FocalPoint, FocalRole, SiteFacts
from clearinghouse.site.model.kinds import KINDS, Kind
from clearinghouse.site.model.library import Document, LearningResource
from clearinghouse.site.model.page import Page, Picture
from clearinghouse.site.model.record import Record
from clearinghouse.site.seen import Seen

_ROLES: tuple[str, ...] = get_args(FocalRole)


@dataclass(frozen=True)
class Checked:
    """What a partner provides, looked at.

    Attributes:
        content: all of it; None where there is a problem.
        problems: what keeps the site from being made.
        warnings: what does not, but somebody should know.
    """

    content: Content | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check(folder: Path, partner: Partner, today: date, seen: Seen | None = None) -> Checked:
    """Read and check a partner's folder.

    Args:
        folder: stacks/<code>.
        partner: whose it is.
        today: the day by which reviews are past.
        seen: what was read before.
    """
    seen = seen or Seen(forgets=True)
    gathered = gather(folder, partner, seen)
    there = {name: _files(folder / name) for name in ("files", "images")}
    every: list[Written[Any]] = [
        gathered.site,
        gathered.country,
        *(each for group in gathered.records.values() for each in group),
    ]
    problems = [*gathered.problems]
    for written in every:
        problems += [written.problem(finding) for finding in _findings(written, there)]
    warnings = [problem for written in every for problem in _warnings(written, partner, today)]
    content = None if problems else _content(folder, partner, gathered, there["files"], seen)
    return Checked(content, in_order(problems), in_order(warnings))


def _files(folder: Path) -> dict[str, int]:
    """Every file below a folder by its path there, and its size in bytes."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            found[path.relative_to(folder).as_posix()] = path.stat().st_size
    return found


def _findings(written: Written[Any], there: Mapping[str, Mapping[str, int]]) -> Iterator[Finding]:
    if written.record is not None:
        yield from _missing_files(written.record, (), there)
        for rule in _RULES:
            yield from rule(written.record)


def _missing_files(value: Any, key: Key, there: Mapping[str, Mapping[str, int]]) -> Iterator[Finding]:
    """Documents are named in fields called files, pictures in those of a Picture and in the logo."""
    if isinstance(value, Picture):
        yield from _missing(value.file, (*key, "file"), "images", there)
    elif isinstance(value, Record):
        for language, path in (value.get("files") or {}).items():
            yield from _missing(path, ("files", language), "files", there)
        if isinstance(value, SiteFacts) and value.logo:
            yield from _missing(value.logo, ("logo",), "images", there)
        if picture := value.get("picture"):
            yield from _missing_files(picture, ("picture",), there)


def _missing(path: str, key: Key, folder: str, there: Mapping[str, Mapping[str, int]]) -> Iterator[Finding]:
    if path not in there[folder]:
        yield Finding(
            key, f"a file in {folder}/", f'"{path}", which is not there', meant(path, there[folder])
        )


def _period(record: Record) -> Iterator[Finding]:
    start, end = record.get("start"), record.get("end")
    if start and end and end < start:
        yield Finding(("end",), f"{start} or later")


def _has_what_it_offers(record: Record) -> Iterator[Finding]:
    if isinstance(record, Document | LearningResource) and not (record.files or record.link):
        yield Finding(("files",), "given, or link", "missing", near=(record.heading,))


def _has_section(record: Record) -> Iterator[Finding]:
    if isinstance(record, Page) and record.section == "home":
        yield Finding(("section",), "a section that pages can lie in")


_RULES: tuple[Callable[[Record], Iterator[Finding]], ...] = (_period, _has_what_it_offers, _has_section)


def _warnings(written: Written[Any], partner: Partner, today: date) -> Iterator[Problem]:
    record = written.record
    if isinstance(record, FocalPoint) and record.review < today:
        should = "a day to come: ask whether all of this still holds"
        yield written.problem(Finding(("review",), should))
    for text in written.sources:
        if text.language and text.language not in partner.languages:
            line = f"in one of the site's languages ({', '.join(partner.languages)})"
            yield Problem(text.path, 1, 1, "file", f"should be {line}, is in {text.language} and not shown")


def _content(
    folder: Path, partner: Partner, gathered: Gathered, sizes: Mapping[str, int], seen: Seen
) -> Content | None:
    site, country = gathered.site.record, gathered.country.record
    if site is None or country is None:
        return None
    entries = {
        name: tuple(_sorted(KINDS[name], [*_entries(KINDS[name], group, partner, seen)]))
        for name, group in gathered.records.items()
    }
    return Content(partner, site, country, entries, folder, dict(sorted(sizes.items())))


def _entries(kind: Kind, group: Iterable[Written[Record]], partner: Partner, seen: Seen) -> Iterator[Entry]:
    """The same objects as long as nothing in them changes: so others know that it did not."""
    for each in group:
        what = ("entry", kind.folder, each.slug, partner.languages)
        if made := seen.of_values(what, (each,), partial(entry, each, kind, partner)):
            yield made


def _sorted(kind: Kind, entries: list[Entry]) -> list[Entry]:
    """As they are to be shown: the newest first where there are dates, focal points by their role."""
    shown = [each for each in entries if getattr(each.record, "consent", True)]
    if kind.model is FocalPoint:
        return sorted(shown, key=lambda each: (_ROLES.index(each.record.role), each.slug))  # type: ignore[attr-defined]
    return sorted(shown, key=lambda each: (_day(each.record), each.slug))


def _day(record: Record) -> float:
    for name in ("date", "start", "adopted"):
        day = record.get(name)
        if day is not None:
            return float(day.toordinal() if name == "start" else -day.toordinal())
    period = record.get("period")
    return float(-date(int(period[-4:]), 1, 1).toordinal()) if period else 0.0
