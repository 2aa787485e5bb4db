"""A link or picture that leads nowhere is told where it is written."""

from pathlib import Path

import pytest

from clearinghouse.errors import Trouble
from tests.site.made import Made

NEWS = "---\ntitle: Une nouvelle\ndate: 2026-05-22\n---\n\n{}\n"
TRANSLATION = "---\ntitle: News\n---\n\n{}\n"
SHOULD = "link: should be a page, file or picture that is there, is"


def told(folder: Path, files: dict[str, str | bytes]) -> list[str]:
    with pytest.raises(Trouble) as caught:
        Made(folder, files, "fr", "en")
    return str(caught.value).splitlines()


def test_in_a_translation_it_is_told_with_the_translations_own_file_and_line(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "news/a.fr.md": NEWS.format("Voir [ici](page:about)."),
        "news/a.en.md": TRANSLATION.format("See\n[there](news/b)."),
        "pages/about.fr.md": "---\ntitle: Nous\n---\n\nTexte.\n",
    }
    assert told(tmp_path, files) == [f'stacks/bj/news/a.en.md:6:9: {SHOULD} "news/b" (did you mean news/a?)']


def test_all_of_them_are_told_at_once_and_each_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "news/a.fr.md": NEWS.format("![Forêt](images/foret.jpg)"),
        "glossary/mot.fr.md": "---\nterm: Mot\n---\n\nVoir [le plan](files/plan.pdf).\n",
        "country.yaml": "name: {fr: Bénin, en: Benin}\ncode: BJ\nprofile: {fr: '[x](été)'}\n",
    }
    assert told(tmp_path, files) == [
        f'stacks/bj/country.yaml:3:20: {SHOULD} "été"',
        f'stacks/bj/glossary/mot.fr.md:5:16: {SHOULD} "files/plan.pdf"',
        f'stacks/bj/news/a.fr.md:6:10: {SHOULD} "images/foret.jpg"',
    ]
