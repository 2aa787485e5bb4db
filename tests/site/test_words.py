"""Text as its language sets it."""

import pytest

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
