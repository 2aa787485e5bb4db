"""The interface speaks each of its languages in full."""

import io
import re

import pytest
from babel.messages.pofile import read_po

from clearinghouse.installation import root
from clearinghouse.site.catalogue import FOLDER, Speech, languages, own_name, speech
from clearinghouse.site.messages import missing, updated

TEMPLATES = root() / "site_templates/standard"
SPOKEN = {"en", "fr", "es", "pt", "ar", "ru", "zh", "nl", "sw"}


def test_the_interface_speaks_nine_languages() -> None:
    assert set(languages()) == SPOKEN


@pytest.mark.parametrize("language", sorted(SPOKEN - {"en"}))
def test_no_text_is_missing_or_fuzzy(language: str) -> None:
    assert missing(language, TEMPLATES) == ()


@pytest.mark.parametrize("language", sorted(SPOKEN - {"en"}))
def test_the_catalogue_is_as_its_tool_writes_it(language: str) -> None:
    assert (FOLDER / f"{language}.po").read_bytes() == updated(language, TEMPLATES)


@pytest.mark.parametrize("language", sorted(SPOKEN - {"en"}))
def test_a_translation_keeps_what_is_filled_in(language: str) -> None:
    catalogue = read_po(io.BytesIO((FOLDER / f"{language}.po").read_bytes()), locale=language)
    assert [error for message in catalogue for error in message.check()] == []
    for message in catalogue:
        if message.id and isinstance(message.id, str):
            assert _filled(message.id) == _filled(str(message.string)), message.id


def test_a_language_that_the_interface_does_not_know_gets_the_sites_main_one() -> None:
    assert speech("ln", ("fr", "ln")) == Speech("ln", "fr")


def test_a_regional_language_gets_its_base() -> None:
    assert speech("pt-BR").text("Home") == speech("pt").text("Home") != "Home"


def test_languages_are_called_as_their_readers_call_them() -> None:
    names = [own_name(tag) for tag in ("fr", "ar", "zh", "sw", "pt-BR", "ln")]
    assert names == ["Français", "العربية", "中文", "Kiswahili", "Português (Brasil)", "Lingála"]


def test_numbers_and_sizes_follow_the_language() -> None:
    assert speech("fr").number(114763) == "114\u202f763"
    assert speech("en").size(1_250_000) == "1.2 MB"
    assert speech("fr").size(25_300) == "25\u202fko"


def _filled(text: str) -> list[str]:
    return sorted(re.findall(r"%\([a-z]+\)s|%s|\{[a-z]+\}", text))
