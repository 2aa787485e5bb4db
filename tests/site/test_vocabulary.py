"""The names that the standard site has ready: of global targets, themes, and the values of records."""

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from babel.messages.extract import extract
from pydantic import BaseModel

from clearinghouse.site import labels
from clearinghouse.site.labels import LABELS, label
from clearinghouse.site.model.country import CountryFacts, SiteFacts
from clearinghouse.site.model.fields import Theme
from clearinghouse.site.model.kinds import KINDS
from clearinghouse.site.model.page import Section
from clearinghouse.site.vocabulary import targets, themes

LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh"]
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "zh": r"[\u4e00-\u9fff]"}
TEXTS: Mapping[str, list[Mapping[str, str]]] = {
    "titles of targets": [target.title for target in targets().values()],
    "summaries of targets": [target.summary for target in targets().values()],
    "themes": list(themes().values()),
}


def parts(annotation: Any) -> Iterator[Any]:
    """An annotation and, Literals left whole, all within it."""
    yield annotation
    if get_origin(annotation) is not Literal:
        for inner in get_args(annotation):
            yield from parts(inner)


def models(*roots: type[BaseModel]) -> set[type[BaseModel]]:
    """These models and those that their fields hold."""
    found: set[type[BaseModel]] = set()
    waiting = list(roots)
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            for field in model.model_fields.values():
                waiting += [each for each in parts(field.annotation) if is_model(each)]
    return found


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def fixed_lists() -> dict[str, tuple[str, ...]]:
    """The values that each field takes from a list, but for those with names of their own."""
    found = models(SiteFacts, CountryFacts, *(kind.model for kind in KINDS.values()))
    return {
        f"{model.__name__}.{name}": get_args(part)
        for model in found
        for name, field in model.model_fields.items()
        for part in parts(field.annotation)
        if get_origin(part) is Literal and part not in (Theme, Section)
    }


def test_there_are_all_23_targets_in_their_order() -> None:
    assert list(targets()) == list(range(1, 24))
    assert [target.number for target in targets().values()] == list(range(1, 24))


def test_each_theme_that_a_record_can_name_has_a_name() -> None:
    assert list(themes()) == list(get_args(Theme))


@pytest.mark.parametrize("kind", TEXTS)
def test_every_text_is_there_in_all_six_languages(kind: str) -> None:
    for text in TEXTS[kind]:
        assert sorted(text) == LANGUAGES
        assert all(isinstance(said, str) and said.strip() == said != "" for said in text.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TEXTS)
def test_no_text_stands_twice_in_a_language(kind: str, language: str) -> None:
    said = [text[language] for text in TEXTS[kind]]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TEXTS)
def test_every_text_is_in_the_script_of_its_language(kind: str, language: str) -> None:
    for text in TEXTS[kind]:
        found = {each for each, script in SCRIPTS.items() if re.search(script, text[language])}
        assert found == {language} & set(SCRIPTS)


def test_titles_are_headlines_and_summaries_are_sentences() -> None:
    for target in targets().values():
        assert not any(said.endswith((".", "。")) for said in target.title.values())
        assert all(said.endswith("。" if tag == "zh" else ".") for tag, said in target.summary.items())


def figures(said: str) -> list[str]:
    """The years and percentages in a text, in no order: languages differ in theirs."""
    return sorted(
        re.findall(r"(?<!\d)(?:20[23]\d(?!\d)|\d\d(?=[\s\u00a0]?%))", said.replace(" في المائة", "%"))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_gives_the_same_years_and_percentages(language: str) -> None:
    for target in targets().values():
        assert figures(target.title[language]) == figures(target.title["en"])
        assert figures(target.summary[language]) == figures(target.summary["en"])


@pytest.mark.parametrize("vocabulary", sorted(fixed_lists()))
def test_every_value_of_every_record_has_a_label(vocabulary: str) -> None:
    assert set(LABELS[vocabulary]) == set(fixed_lists()[vocabulary])


def test_no_label_is_left_over() -> None:
    assert set(LABELS) == {"section", "folder", *fixed_lists()}


def test_every_section_has_a_label_and_so_have_the_pages_beside_them() -> None:
    assert set(LABELS["section"]) == {*get_args(Section), "sitemap", "search"}


def test_every_folder_has_a_label() -> None:
    assert set(LABELS["folder"]) == set(KINDS)


@pytest.mark.parametrize("vocabulary", sorted(LABELS))
def test_readers_can_tell_the_values_of_a_list_apart(vocabulary: str) -> None:
    shown = [said.casefold() for said in LABELS[vocabulary].values()]
    assert len(set(shown)) == len(shown)
    assert all(said.strip() == said != "" for said in shown)


def test_a_label_is_found_by_its_vocabulary_and_value() -> None:
    assert label("section", "who") == "Who's who"
    assert label("Report.under", "cartagena") == "Cartagena Protocol on Biosafety"


@pytest.mark.parametrize(("vocabulary", "value"), [("Report.under", "basel"), ("Report.colour", "green")])
def test_what_has_no_label_is_a_defect(vocabulary: str, value: str) -> None:
    with pytest.raises(KeyError):
        label(vocabulary, value)


def test_translators_get_every_label() -> None:
    source = io.BytesIO(Path(labels.__file__).read_bytes())
    extracted = {message for _, message, _, _ in extract("python", source, keywords={"N_": None})}
    assert extracted == {said for names in LABELS.values() for said in names.values()}
