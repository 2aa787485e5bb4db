"""The fields of a record as facts for readers: a label and ready values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from clearinghouse.site.labels import LABELS
from clearinghouse.site.menu import N_
from clearinghouse.site.model.policy import Alignment
from clearinghouse.site.reader import Reader
from clearinghouse.site.vocabulary import targets, themes

FIELDS: Mapping[str, str] = {
    "acronym": N_("Short name"),
    "address": N_("Address"),
    "adopted": N_("Adopted on"),
    "alignment": N_("Global targets"),
    "approved_by": N_("Adopted by"),
    "area": N_("Area"),
    "areas": N_("Works on"),
    "audience": N_("For whom"),
    "authors": N_("Authors"),
    "budget": N_("Budget"),
    "category": N_("IUCN category"),
    "city": N_("Town"),
    "confirmed": N_("Last confirmed on"),
    "convention": N_("Party to the Convention on Biological Diversity since"),
    "cartagena": N_("Party to the Cartagena Protocol since"),
    "nagoya": N_("Party to the Nagoya Protocol since"),
    "capital": N_("Capital"),
    "country": N_("Country"),
    "date": N_("Date"),
    "designation": N_("Kind of area"),
    "email": N_("E-mail"),
    "emails": N_("E-mail"),
    "end": N_("Last day"),
    "funder": N_("Funded by"),
    "indicators": N_("Indicators"),
    "kind": N_("Kind"),
    "languages": N_("Languages"),
    "link": N_("Website"),
    "manager": N_("Managed by"),
    "number": N_("Number"),
    "organisation": N_("Organisation"),
    "organiser": N_("Organised by"),
    "partners": N_("Partners"),
    "period": N_("Period"),
    "phones": N_("Telephone"),
    "place": N_("Place"),
    "population": N_("Population"),
    "progress": N_("Progress"),
    "publisher": N_("Publisher"),
    "rights": N_("Rights"),
    "start": N_("First day"),
    "status": N_("Status"),
    "targets": N_("Global targets"),
    "themes": N_("Themes"),
    "title": N_("Post"),
    "type": N_("Type"),
    "under": N_("Agreement"),
    "until": N_("Valid until"),
    "websites": N_("Website"),
    "year": N_("Year"),
}
"""The names of fields, for readers; the others are shown in other ways or not at all."""
_BREAK = Markup("<br>")


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it, ready as HTML."""

    label: str
    value: Markup


def facts(record: Any, reader: Reader, *, without: tuple[str, ...] = ()) -> Iterator[Fact]:
    """What a record says in its fields, in their order.

    Args:
        record: it.
        reader: for whom.
        without: fields that are shown elsewhere.
    """
    hidden = {*without, getattr(record, "heading", ""), getattr(record, "text", ""), "summary", "files"}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in FIELDS and name not in hidden and value not in (None, ()):
            yield Fact(reader.speech.text(FIELDS[name]), _BREAK.join(_values(record, name, value, reader)))


def _values(record: Any, name: str, value: Any, reader: Reader) -> Iterator[Markup]:
    items = value if isinstance(value, tuple) else (value,)
    for item in items:
        yield _value(record, name, item, reader)


def _value(record: Any, name: str, value: Any, reader: Reader) -> Markup:
    if name in _BY_NAME:
        return _BY_NAME[name](value, reader)
    vocabulary = LABELS.get(f"{type(record).__name__}.{name}")
    if vocabulary and value in vocabulary:
        return Markup.escape(reader.label(f"{type(record).__name__}.{name}", value))
    if isinstance(value, Mapping):
        return reader.say(value)
    if isinstance(value, date):
        return reader.day(value)
    if isinstance(value, Decimal):
        return Markup.escape(_figure(record, name, value, reader))
    return Markup("<bdi>{}</bdi>").format(value)


def _figure(record: Any, name: str, value: Decimal, reader: Reader) -> str:
    if name == "area":
        return reader.speech.area(value)
    note = {
        "budget": record.get("currency"),
        "population": f"({year})" if (year := record.get("population_year")) else None,
    }.get(name)
    return f"{reader.number(value)} {note}" if note else reader.number(value)


def _target(number: int, reader: Reader) -> Markup:
    title = reader.words(targets()[number].title)
    return Markup('<a href="{}library/target/{}/">{}</a> {}').format(
        reader.root, number, reader.speech.text(N_("Target %s")) % reader.number(number), reader.say(title)
    )


def _alignment(alignment: Alignment, reader: Reader) -> Markup:
    degree = reader.label("Alignment.degree", alignment.degree)
    return Markup("{} ({})").format(_target(alignment.target, reader), degree)


def _web(address: str, _: Reader) -> Markup:
    return Markup('<a href="{}" rel="external noopener"><bdi>{}</bdi></a>').format(
        address, urlsplit(address).hostname or address
    )


def _mail(address: str, _: Reader) -> Markup:
    return Markup('<a href="mailto:{}"><bdi>{}</bdi></a>').format(address, address)


def _phone(number: str, _: Reader) -> Markup:
    digits = "".join(each for each in number if each in "+0123456789")
    return Markup('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>').format(digits, number)


_BY_NAME: Mapping[str, Callable[[Any, Reader], Markup]] = {
    "alignment": _alignment,
    "country": lambda code, reader: Markup.escape(reader.country_name(code)),
    "email": _mail,
    "emails": _mail,
    "languages": lambda tag, reader: Markup.escape(reader.speech.language_name(tag)),
    "link": _web,
    "phones": _phone,
    "targets": _target,
    "themes": lambda theme, reader: reader.say(themes()[theme]),
    "websites": _web,
    "year": lambda year, _: Markup.escape(str(year)),
    "number": lambda number, _: Markup.escape(str(number)),
}
