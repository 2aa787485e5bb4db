"""What a partner writes is read as it was meant, or told where it is wrong."""

from pathlib import Path

import pytest

from clearinghouse.site.content import Content
from tests.site.information import checked, told
from tests.site.test_examples import a_picture

NEWS = "---\ntitle: Journée\ndate: 2026-05-22\n---\n\nTexte.\n"
PERSON = "role: cbd\nname: Exemple\norganisation: Ministère\ncountry: BJ\nconsent: true\nreview: 2027-01-31\n"


def content(folder: Path, files: dict[str, str | bytes], *languages: str) -> Content:
    found = checked(folder, files, *languages)
    assert found.content, found.problems
    return found.content


def test_a_plain_text_is_in_the_main_language(tmp_path: Path) -> None:
    made = content(tmp_path, {"links/cbd.yaml": "title: CDB\nlink: https://www.cbd.int\n"})
    assert made.of("links")[0].record.title == {"fr": "CDB"}  # type: ignore[attr-defined]


def test_one_file_a_language_makes_one_record(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "news/day.fr.md": NEWS,
        "news/day.en.md": "---\ntitle: Day\n---\n\nText.\n",
    }
    (entry,) = content(tmp_path, files).of("news")
    assert entry.record.title == {"fr": "Journée", "en": "Day"}  # type: ignore[attr-defined]
    assert entry.record.body == {"fr": "Texte.", "en": "Text."}  # type: ignore[attr-defined]
    assert entry.languages == ("fr", "en")


def test_a_translation_has_its_own_text_for_a_picture_and_for_each_of_a_list(tmp_path: Path) -> None:
    picture = "picture:\n  file: a.png\n  alternative: Un arbre\n  credit: Un exemple\n"
    target = "year: 2030\nprogress: unknown\nindicators: [Un, Deux]\n"
    files: dict[str, str | bytes] = {
        "news/day.fr.md": NEWS.replace("date:", f"{picture}date:"),
        "news/day.en.md": "---\ntitle: Day\npicture:\n  alternative: A tree\n---\nText.\n",
        "targets/one.fr.md": f"---\ntitle: Cible\n{target}---\nTexte.\n",
        "targets/one.en.md": "---\ntitle: Target\nindicators: [One, Two]\n---\nText.\n",
        "images/a.png": a_picture(),
    }
    found = checked(tmp_path, files)
    assert found.content, found.problems
    (news,), (one,) = found.content.of("news"), found.content.of("targets")
    assert news.record.picture.alternative == {"fr": "Un arbre", "en": "A tree"}  # type: ignore[attr-defined]
    assert news.record.picture.credit == {"fr": "Un exemple"}  # type: ignore[attr-defined]
    assert [*one.record.indicators] == [{"fr": "Un", "en": "One"}, {"fr": "Deux", "en": "Two"}]  # type: ignore[attr-defined]


def test_a_translation_with_another_picture_or_a_longer_list_is_told(tmp_path: Path) -> None:
    picture = "picture:\n  file: a.png\n  alternative: Un arbre\n"
    files: dict[str, str | bytes] = {
        "news/day.fr.md": NEWS.replace("date:", f"{picture}date:"),
        "news/day.en.md": "---\ntitle: Day\npicture:\n  file: b.png\n  alternative: A tree\n---\nText.\n",
        "projects/one.fr.yaml": "title: Projet\nstatus: running\npartners: [Un, Deux]\n",
        "projects/one.en.yaml": "title: Project\npartners: [One]\n",
        "images/a.png": a_picture(),
    }
    assert told(tmp_path, files) == [
        "stacks/bj/news/day.en.md:3:1: picture: should be given once, in the file of the first language, is"
        " another one here",
        "stacks/bj/projects/one.en.yaml:2:1: partners: should be as many texts as in the file of the first"
        " language, is 1",
    ]


def test_a_record_without_a_translation_is_in_one_language(tmp_path: Path) -> None:
    assert content(tmp_path, {"news/day.fr.md": NEWS}).of("news")[0].languages == ("fr",)


def test_a_translation_older_than_its_source_is_outdated(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "news/day.fr.md": NEWS.replace("date:", "updated: 2026-06-01\ndate:"),
        "news/day.en.md": "---\ntitle: Day\nupdated: 2026-05-23\n---\n\nText.\n",
    }
    (entry,) = content(tmp_path, files).of("news")
    assert entry.is_outdated("en")
    assert not entry.is_outdated("fr")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_row_of_a_table_is_a_record(tmp_path: Path, separator: str) -> None:
    rows = [
        "id,title.fr,type,authors,date,languages,link",
        "a,Étude,study,Awa|Koffi,2020-01-31,fr|en,https://x.org/",
    ]
    table = "\n".join(rows).replace(",", separator)
    (entry,) = content(tmp_path, {"documents/all.csv": table}).of("documents")
    assert entry.record.authors == ("Awa", "Koffi")  # type: ignore[attr-defined]
    assert entry.slug == "a"


def test_figures_in_a_table_are_numbers_and_texts_stay_texts(tmp_path: Path) -> None:
    table = "id,name.fr,area,year\nw,2020,9350.5,1954\n"
    record = content(tmp_path, {"protected-areas/a.csv": table}).of("protected-areas")[0].record
    assert (record.name, str(record.area), record.year) == ({"fr": "2020"}, "9350.5", 1954)  # type: ignore[attr-defined]


def test_who_did_not_agree_is_not_published(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "focal-points/a.yaml": PERSON,
        "focal-points/b.yaml": PERSON.replace("true", "false"),
    }
    assert [entry.slug for entry in content(tmp_path, files).of("focal-points")] == ["a"]


def test_a_past_review_is_a_warning(tmp_path: Path) -> None:
    found = checked(tmp_path, {"focal-points/a.yaml": PERSON.replace("2027", "2026")})
    assert found.content
    assert [str(each).split(": ", 1)[0] for each in found.warnings] == ["stacks/bj/focal-points/a.yaml:6:9"]


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "news/day.fr.md": NEWS.replace("title", "titel"),
        "news/day.en.md": "---\ntitle: Day\ndate: 2026-05-23\n---\nText.\n",
        "links/a.yaml": "title: A\nlink: ftp://a.org\n",
        "legislation/law.yaml": "title: Loi\nkind: lwa\n",
    }
    assert told(tmp_path, files) == [
        "stacks/bj/legislation/law.yaml:2:7: kind: should be constitution, law, decree, order,"
        " regulation, policy"
        ' or treaty, is "lwa" (did you mean law?)',
        "stacks/bj/links/a.yaml:2:7: link: should be a web address that begins with https:// or http://,"
        ' is "ftp://a.org"',
        "stacks/bj/news/day.en.md:3:1: date: should be given once, in the file of the first"
        " language, is another one here",
        'stacks/bj/news/day.fr.md:2:1: titel: should be one of the known keys, is "titel" (did'
        " you mean title?)",
    ]


BAD = {
    "a text without front matter": ("news/a.fr.md", "Texte", "1:1: file: should be begun with a line ---"),
    "a name with a capital": ("news/A.fr.md", NEWS, "1:1: file: should be named in small letters"),
    "a folder that nothing reads": ("newz/a.fr.md", NEWS, "1:1: file: should be a folder of records"),
    "a table without id": ("links/a.csv", "title,link\nA,https://a.org\n", "1:1: file: should be a table"),
    "a row with too many cells": (
        "links/a.csv",
        "id,title,link\na,A,https://a.org,x\n",
        "2:1: file: should be a row of as many cells",
    ),
    "a broken quote in a table": ("links/a.csv", 'id,title\na,"A\n', "a table in CSV, is broken"),
    "bytes that are no text": ("news/a.fr.md", b"---\ntitle: \xff\n---\n", "2:1: file: should be UTF-8 text"),
    "a picture that is not there": (
        "news/a.fr.md",
        NEWS.replace("date:", "picture:\n  file: a.jpg\n  alternative: Arbre\ndate:"),
        "4:9: picture/file: should be a file in images/",
    ),
    "a document that is not there": (
        "nbsap/a.yaml",
        "title: A\nperiod: 2014\nfiles: {fr: a.pdf}\n",
        "3:13: files/fr: should be a file in files/",
    ),
    "a document that is nowhere": (
        "documents/a.yaml",
        "title: A\ntype: study\nauthors: [B]\ndate: 2020-01-31\nlanguages: [fr]\n",
        "files: should be given, or link, is missing",
    ),
    "an end before the start": (
        "events/a.yaml",
        "title: A\nstart: 2026-02-01\nend: 2026-01-31\n",
        "3:6: end: should be 2026-02-01 or later",
    ),
    "what cannot be seen": (
        "links/a.yaml",
        'title: "A\\u202E"\nlink: https://a.org\n',
        "characters that can be seen",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_told_with_its_file_line_and_key(tmp_path: Path, case: str) -> None:
    name, text, line = BAD[case]
    problems = told(tmp_path, {name: text})
    assert len(problems) == 1
    assert line in problems[0]
    assert problems[0].startswith(f"stacks/bj/{name.split('/')[0]}")


def test_a_site_without_its_own_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "bj").mkdir()
    found = checked(tmp_path, {"site.yaml": ""})
    assert [str(problem) for problem in found.problems] == [
        "stacks/bj/site.yaml:1:1: file: should be a declaration, is empty"
    ]
