"""Reads what a partner provides: values, and every problem of every file at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from clearinghouse.declare.file import is_within, validated
from clearinghouse.declare.models import inner_model
from clearinghouse.declare.names import Day
from clearinghouse.declare.partner import Partner
from clearinghouse.declare.problem import Finding, Key, Problem, slashed
from clearinghouse.declare.should import meant
from clearinghouse.declare.tree import place_of, plain, value_at
from clearinghouse.declare.wording import sentence, shown
from clearinghouse.site.content import Entry
from clearinghouse.site.model.country import CountryFacts, SiteFacts
from clearinghouse.site.model.fields import is_localised
from clearinghouse.site.model.kinds import KINDS, Kind
from clearinghouse.site.model.record import Record
from clearinghouse.site.seen import Seen
from clearinghouse.site.sources import Source, single, sources

Model = TypeVar("Model", bound=Record)
_FILES = {"site.yaml", "country.yaml"}
_FOLDERS = {*KINDS, "files", "images"}


@dataclass(frozen=True)
class Written(Generic[Model]):
    """A record as it is written: in one text, or in one for each language.

    Attributes:
        slug: the record's.
        sources: its texts, the one with all fields first.
        record: the value, where all of it is well.
        problems: what is wrong.
        updated: the day of the last change by language.
    """

    slug: str
    sources: tuple[Source, ...]
    record: Model | None
    problems: tuple[Problem, ...]
    updated: Mapping[str, date]

    def problem(self, finding: Finding) -> Problem:
        """The line that tells of a finding, at the text where it is."""
        return _problem(self.sources, finding)


@dataclass(frozen=True)
class Gathered:
    """All that was read.

    Attributes:
        site: site.yaml.
        country: country.yaml.
        records: by the folder of their type.
        problems: what is wrong with each by itself.
    """

    site: Written[SiteFacts]
    country: Written[CountryFacts]
    records: Mapping[str, tuple[Written[Record], ...]]
    problems: tuple[Problem, ...]


def gather(folder: Path, partner: Partner, seen: Seen) -> Gathered:
    """Read a partner's folder.

    Args:
        folder: stacks/<code>.
        partner: whose it is; its languages say which is the main one.
        seen: what was read before.
    """
    seen_as = Path("stacks") / folder.name
    site = _written((single(folder / "site.yaml", seen_as / "site.yaml", "site"),), SiteFacts, partner)
    country = _written(
        (single(folder / "country.yaml", seen_as / "country.yaml", "country"),), CountryFacts, partner
    )
    records = {
        name: tuple(_of_kind(folder / name, seen_as / name, kind, partner, seen))
        for name, kind in KINDS.items()
    }
    every: tuple[Written[Any], ...] = (site, country, *(each for group in records.values() for each in group))
    problems = (*_strays(folder, seen_as), *(problem for each in every for problem in each.problems))
    return Gathered(site, country, records, problems)


def entry(written: Written[Record], kind: Kind, partner: Partner) -> Entry | None:
    """The entry that a record makes; None where it is not well."""
    if written.record is None:
        return None
    first, *others = written.sources
    languages = _languages(written.record, partner.languages)
    translations = {text.language: text.path for text in others if text.language}
    return Entry(kind, written.slug, written.record, first.path, languages, written.updated, translations)


def _strays(folder: Path, seen_as: Path) -> Iterator[Problem]:
    """Files and folders that nothing reads, which their author would wait for in vain."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        known = _FOLDERS if path.is_dir() else _FILES
        if not path.name.startswith(".") and path.name not in known:
            what = "a folder of records, files or images" if path.is_dir() else "site.yaml or country.yaml"
            message = sentence(what, shown(path.name), meant(path.name, known))
            yield Problem(seen_as / path.name, 1, 1, "file", message)


def _of_kind(
    folder: Path, seen_as: Path, kind: Kind, partner: Partner, seen: Seen
) -> Iterator[Written[Record]]:
    by_slug: dict[str, list[Source]] = {}
    for source in sources(folder, seen_as, kind.model, seen):
        by_slug.setdefault(source.slug, []).append(source)
    for slug, texts in sorted(by_slug.items()):
        ordered = _in_order(texts, partner.languages)
        make = partial(_written, ordered, kind.model, partner)
        yield seen.of_values(("written", seen_as, slug, partner.languages), ordered, make)


def _in_order(texts: Iterable[Source], languages: Sequence[str]) -> tuple[Source, ...]:
    """The text with all fields first: the one of no language, or of the first that the site has."""
    rank = {language: number for number, language in enumerate(languages)}
    last = len(rank)
    return tuple(
        sorted(
            texts,
            key=lambda text: (-1 if text.language is None else rank.get(text.language, last), str(text.path)),
        )
    )


def _written(texts: tuple[Source, ...], model: type[Model], partner: Partner) -> Written[Model]:
    first, *others = texts
    problems = [_problem((text,), finding) for text in texts for finding in text.document.findings]
    twice = [text for text in others if text.language in (None, first.language)]
    problems += [_twice(text, first) for text in twice]
    if any(text.document.root is None for text in texts) or twice:
        return Written(first.slug, texts, None, tuple(problems), {})
    data = _localised(plain(first.document.root), model, first.language or partner.languages[0])  # type: ignore[arg-type]
    for text in others:
        problems += _add(data, text, model)
    record, findings = validated(model, data)
    broken = {key for text in texts for key in text.document.broken}
    problems += [_problem(texts, each) for each in findings if not is_within(each.key, broken)]
    updated, wrong = _updated(texts, partner)
    problems += wrong
    return Written(first.slug, texts, None if problems else record, tuple(problems), updated)


def _twice(text: Source, first: Source) -> Problem:
    place = text.document.root.place if text.document.root else None
    line, column = (place.line, place.column) if place else (1, 1)
    message = sentence("another name: this one is taken", f"also in {first.path}", None)
    return Problem(text.path, line, column, "id", message)


def _localised(data: Any, model: type[BaseModel], language: str) -> Any:
    """The same data, plain texts standing below the language that they are in."""
    if not isinstance(data, dict):
        return data
    return {name: _in_language(value, model, name, language) for name, value in data.items()}


def _in_language(value: Any, model: type[BaseModel], name: str, language: str) -> Any:
    has_languages, inner = _shape(model, name)
    if has_languages:
        return (
            [_below(each, language) for each in value] if isinstance(value, list) else _below(value, language)
        )
    if inner is None:
        return value
    if isinstance(value, list):
        return [_localised(each, inner, language) for each in value]
    return _localised(value, inner, language)


@cache
def _shape(model: type[BaseModel], name: str) -> tuple[bool, type[BaseModel] | None]:
    """Whether a field holds text in several languages, and the model within it."""
    field = model.model_fields.get(name)
    return (is_localised(field), inner_model(field.annotation)) if field else (False, None)


def _below(value: Any, language: str) -> Any:
    return {language: str(value)} if isinstance(value, str | int | float) and value is not True else value


def _add(data: dict[str, Any], text: Source, model: type[Record]) -> Iterator[Problem]:
    """Take the texts of a translation."""
    language = text.language or ""
    root = text.document.root
    for name, value in _localised(plain(root), model, language).items():  # type: ignore[arg-type]
        if name == "updated":
            continue
        if name not in model.model_fields:
            hint = meant(name, tuple(model.model_fields))
            yield _problem(
                (text,), Finding((name,), "one of the known keys", shown(name), hint, names_key=True)
            )
        elif (added := _added(data.get(name), value, language)) is not _ANOTHER:
            data[name] = added
        elif _shape(model, name)[0] and isinstance(value, list):
            should = "as many texts as in the file of the first language"
            yield _problem((text,), Finding((name,), should, str(len(value)), names_key=True))
        else:
            should = "given once, in the file of the first language"
            yield _problem((text,), Finding((name,), should, "another one here", names_key=True))


_ANOTHER = object()
"""What a translation says in place of a text."""


def _added(there: Any, value: Any, language: str) -> Any:
    """What is there, with the texts of a translation: those of a list at their places; or `_ANOTHER`."""
    if isinstance(value, dict) and set(value) == {language}:
        return {**there, **value} if isinstance(there, dict) else value if there is None else there
    if isinstance(value, dict) and isinstance(there, dict):
        parts = {name: _added(there.get(name), each, language) for name, each in value.items()}
        return _ANOTHER if _ANOTHER in parts.values() else {**there, **parts}
    if isinstance(value, list) and isinstance(there, list) and len(value) == len(there):
        found = [_added(old, new, language) for old, new in zip(there, value, strict=True)]
        return _ANOTHER if _ANOTHER in found else found
    return there if value == there else _ANOTHER


def _updated(texts: Sequence[Source], partner: Partner) -> tuple[dict[str, date], list[Problem]]:
    days: dict[str, date] = {}
    problems = []
    for text in texts:
        value = value_at(text.document.root, ("updated",)) if text.document.root else None
        if value is not None:
            try:
                days[text.language or partner.languages[0]] = _day().validate_python(value)
            except ValidationError:
                if text is not texts[0]:
                    finding = Finding(("updated",), "a day such as 2027-01-31", shown(value))
                    problems.append(_problem((text,), finding))
    return days, problems


@cache
def _day() -> TypeAdapter[date]:
    return TypeAdapter(Day)


def _problem(texts: Sequence[Source], finding: Finding) -> Problem:
    text, key = _where(texts, finding.key)
    root = text.document.root
    place = finding.place or (place_of(root, key, names_key=finding.names_key) if root else None)
    found = finding.found
    if found is None:
        value = value_at(root, key) if root else None
        found = "missing" if value is None else shown(value)
    line, column = (place.line, place.column) if place else (1, 1)
    message = sentence(finding.should, found, finding.hint)
    return Problem(text.path, line, column, slashed(finding.key), message)


def _where(texts: Sequence[Source], key: Key) -> tuple[Source, Key]:
    """The text that a key is in, and the key there: `title/en` is `title` in the English file."""
    for text in texts:
        if len(key) > 1 and key[-1] == text.language:
            return text, key[:-1]
    return texts[0], key


def _languages(record: Record, languages: Sequence[str]) -> tuple[str, ...]:
    """The languages in which the heading and the text of a record are written; all where they need none."""
    texts = [record.get(name) for name in (record.heading, record.text)]
    written = [text for text in texts if isinstance(text, Mapping)]
    return tuple(each for each in languages if all(each in text for text in written))
