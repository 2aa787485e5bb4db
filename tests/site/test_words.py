"""Text as its language sets it."""

from html import unescape

import pytest

from clearinghouse.site.markup import html
from clearinghouse.site.words import spaced, words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Qui ? Vous ; moi : « nous » !", "Qui\u00a0? Vous\u00a0; moi\u00a0: «\u00a0nous\u00a0»\u00a0!"),
        ("30 % des terres", "30\u00a0% des terres"),
        ("| a | b |\n| :--- | :---: |", "| a | b |\n| :--- | :---: |"),
        ("- un\n- deux", "- un\n- deux"),
    ],
)
def test_no_line_of_french_begins_with_a_sign_or_ends_with_an_opening_one(text: str, shown: str) -> None:
    assert spaced(text, "fr") == spaced(text, "fr-CD") == shown


def test_other_languages_stay_as_they_are_written() -> None:
    assert words({"en": "Who ? You"}, "fr", ("fr", "en")).text == "Who ? You"


def test_french_signs_keep_their_words_in_running_text_and_not_in_code() -> None:
    page = unescape(html("**Qui** ? Voir « *ici* » : `a : b`", language="fr"))
    assert "<strong>Qui</strong>\u00a0? Voir «\u00a0<em>ici</em>\u00a0»\u00a0: <code>a : b</code>" in page
