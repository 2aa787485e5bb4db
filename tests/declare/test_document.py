"""YAML text becomes a tree of plain values with places."""

import unicodedata

import pytest

from clearinghouse.declare.characters import INVISIBLE, escaped, unseen
from clearinghouse.declare.document import parse
from clearinghouse.declare.problem import Place
from clearinghouse.declare.tree import place_of, plain, value_at

VISIBLE_SIGNS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


def read(text: str) -> object:
    document = parse(text.encode())
    assert document.root is not None, document.findings
    assert document.findings == ()
    return plain(document.root)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("1.5", 1.5),
        ('"no"', "no"),
        ("'22:22'", "22:22"),
        ("2027-01-31", "2027-01-31"),
        ("2027-01-31 10:00:00", "2027-01-31 10:00:00"),
        ("1.2.3.4", "1.2.3.4"),
        ("api.example.org:443", "api.example.org:443"),
        ("=", "="),
        ("nope", "nope"),
        ("one two", "one two"),
        (">\n  one\n  two", "one two\n"),
    ],
)
def test_a_word_means_what_people_read(written: str, value: object) -> None:
    assert read(f"key: {written}\n") == {"key": value}


@pytest.mark.parametrize(
    "written",
    [
        "y",
        "N",
        "yes",
        "NO",
        "On",
        "off",
        "TRUE",
        "False",
        "Null",
        "NULL",
        "010",
        "0o10",
        "0x1F",
        "0b1",
        "1_0",
        "+1",
        "1:30",
        "190:20:30",
        "22:22",
        "1e3",
        "1.",
        ".5",
        "-.inf",
        ".NaN",
        "1111111111111111111",
        "1.5e3",
        "00.5",
    ],
)
def test_a_word_with_two_meanings_is_refused(written: str) -> None:
    (finding,) = parse(f"key: {written}\n".encode()).findings
    assert finding.key == ("key",)
    assert finding.place == Place(1, 6)
    assert f'"{written}"' in str(finding.hint)


def test_every_value_and_every_key_has_a_place() -> None:
    root = parse("a:\n  - b: 1\n    ç: x\n  - [2, 3]\nd:\n".encode()).root
    assert root is not None
    assert place_of(root, ("a", 0, "b")) == Place(2, 8)
    assert place_of(root, ("a", 0, "ç")) == Place(3, 8)
    assert place_of(root, ("a", 0, "ç"), names_key=True) == Place(3, 5)
    assert place_of(root, ("a", 1, 1)) == Place(4, 9)
    assert place_of(root, ("d",)) == Place(5, 3)


def test_what_is_not_there_has_the_place_of_the_nearest_key() -> None:
    root = parse(b"a:\n  - b: 1\n").root
    assert root is not None
    assert place_of(root, ("a", 0, "missing")) == Place(2, 5)
    assert place_of(root, ("a", 7, "b")) == Place(1, 1)
    assert place_of(root, ("missing", "b")) == Place(1, 1)
    assert value_at(root, ("a", 0, "b")) == 1
    assert value_at(root, ("a", 7, "b")) is None


def test_columns_count_characters_not_bytes() -> None:
    (finding,) = parse("nom: [é, NO]\n".encode()).findings
    assert finding.place == Place(1, 10)


@pytest.mark.parametrize("sign", ["[", "{a: ", "- ", "? "])
def test_great_depth_is_refused(sign: str) -> None:
    (finding,) = parse((sign * 60000)[: 60 * 1024].encode()).findings
    assert finding.should == "at most 20 levels deep"


def test_a_depth_of_twenty_is_read() -> None:
    read("a: " + "[" * 19 + "]" * 19)


def test_the_same_characters_are_invisible_as_unicode_says() -> None:
    hidden = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"}
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.category(character) in hidden and code not in VISIBLE_SIGNS:
            assert INVISIBLE.match(character), f"U+{code:04X}"


def test_letters_of_all_scripts_are_visible() -> None:
    for code in range(0x110000):
        character = chr(code)
        if (
            unicodedata.category(character)[0] in "LMNPS"
            and unicodedata.name(character, "").find("FILLER") < 0
        ):
            fillers_and_selectors = code in (0x34F, 0x17B4, 0x17B5, 0xFFFC, 0xFFFD) or code >= 0xE0000
            assert fillers_and_selectors or not INVISIBLE.match(character), f"U+{code:04X}"


def test_an_escaped_line_stays_one_line() -> None:
    assert escaped("a\nb\u202e") == "aU+000AbU+202E"


def test_a_character_is_unseen_where_it_is_invisible() -> None:
    for code in range(0x110000):
        character = chr(code)
        assert unseen(f"é{character}") == (character if INVISIBLE.match(character) else None)
