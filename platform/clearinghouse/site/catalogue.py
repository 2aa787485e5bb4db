"""The interface's own texts by language, and how a language writes dates, numbers and names of languages."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from clearinghouse.site.words import nearest

FOLDER = Path(__file__).parent / "locale"
"""Holds a catalogue <language>.po each (gettext); English is in the code and the templates."""
_OWN_NAMES: Mapping[str, str] = {"zh": "中文", "ln": "Lingála"}
_DAYS: Mapping[str, str] = {"en": "en-001"}
"""English as the United Nations write it: the day before the month."""
_UNITS = ((1_000_000, "digital-megabyte"), (1000, "digital-kilobyte"))


def languages() -> tuple[str, ...]:
    """The languages that the interface speaks."""
    return ("en", *sorted(file.stem for file in FOLDER.glob("*.po")))


@dataclass(frozen=True)
class Speech:
    """How the interface speaks to readers of a language.

    Attributes:
        language: the readers', a BCP 47 tag.
        spoken: the language of the interface's texts; another one where it has none in the readers'.
    """

    language: str
    spoken: str

    def text(self, message: str) -> str:
        """The translation of an English text of the interface."""
        return _translations(self.spoken).gettext(message) if message else ""

    def texts(self, singular: str, plural: str, count: int) -> str:
        """The translation in the form that goes with a number."""
        return _translations(self.spoken).ngettext(singular, plural, count)

    def day(self, day: date) -> str:
        """A day in words, by CLDR."""
        return format_date(day, "long", locale=_locale(_DAYS.get(self.language, self.language)))

    def number(self, number: Decimal | float) -> str:
        """A number with the language's separators, by CLDR."""
        return format_decimal(number, locale=_locale(self.language))

    def area(self, square_kilometres: Decimal | float) -> str:
        """An area with its unit, by CLDR."""
        return format_unit(square_kilometres, "area-square-kilometer", "short", locale=_locale(self.language))

    def size(self, count: int) -> str:
        """Bytes as kB or MB (powers of 1000), by CLDR: `25 ko` in French."""
        factor, unit = next((each for each in _UNITS if count >= each[0]), _UNITS[-1])
        digits = "#,##0.#" if count < 10 * factor else "#,##0"
        amount = max(count / factor, 0.1)
        return format_unit(amount, unit, "short", format=digits, locale=_locale(self.language))

    def language_name(self, tag: str) -> str:
        """The name of a language in this one."""
        return _locale(tag).get_display_name(_locale(self.language)) or tag


def speech(language: str, order: tuple[str, ...] = ()) -> Speech:
    """How to speak to readers of a language.

    Args:
        language: a BCP 47 tag.
        order: whose texts to take where the interface does not know it, before English.
    """
    return Speech(language, nearest(language, languages(), (*order, "en")) or "en")


@cache
def own_name(tag: str) -> str:
    """The name of a language in itself, as its readers look for it."""
    name = _OWN_NAMES.get(tag) or _locale(tag).get_display_name(_locale(tag)) or tag
    return name[:1].upper() + name[1:]


@cache
def _translations(language: str) -> GNUTranslations:
    if language == "en":
        return _empty()
    with (FOLDER / f"{language}.po").open("rb") as file:
        return _compiled(file.read(), language)


def _compiled(text: bytes, language: str) -> GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _empty() -> GNUTranslations:
    return _compiled(b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n', "en")


@cache
def _locale(tag: str) -> Locale:
    """The locale of a tag; of its base language or English where CLDR does not know it."""
    for known in (tag, tag.split("-")[0], "en"):
        try:
            return Locale.parse(known, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("CLDR knows English")
