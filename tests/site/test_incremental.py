"""A build that keeps pages of the one before is the same, to the byte, as one from nothing."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearinghouse.errors import Trouble
from clearinghouse.installation import root
from clearinghouse.site.build import Aim, build
from clearinghouse.site.render import prepared, render_into
from clearinghouse.site.seen import Seen
from clearinghouse.site.write import Kept, writer
from tests.site.information import TODAY, a_country, checked, lay
from tests.site.made import TEMPLATES

UNINDEXED = Aim("sites", lambda _: None)
Edit = tuple[str, str | None]
TEXTS = ("Texte.", "Voir [la page](page:about).", "Le [jour](news/n1) **passe**.", "# Titre\n\nAutre.")
NAMES = ("pages/about", "pages/p1", "pages/p2", "news/n1", "news/n2", "glossary/mot")
OTHERS = {
    "site.yaml": ("slogan: {fr: Ensemble}\n", "slogan: {fr: Autrement}\ncolours: ['#004488', '#228833']\n"),
    "country.yaml": ("name: {fr: Bénin}\ncode: BJ\n", "name: {fr: Bénin, en: Benin}\ncode: BJ\n"),
    "links/cbd.yaml": ("title: {fr: CDB}\nlink: https://www.cbd.int/\n", None),
    "documents/d.yaml": (
        "title: {fr: P}\ntype: report\ndate: 2024-01-01\nlanguages: [fr]\nauthors: [A]\nfiles: {fr: a.pdf}\n",
        None,
    ),
    "files/a.pdf": ("%PDF", "%PDF-1.7 longer"),
}


def text(name: str, title: str, body: str, number: int) -> str:
    """A record as its file."""
    folder = name.split("/")[0]
    if folder == "glossary":
        return f"---\nterm: {title}\n---\n\n{body}\n"
    own = f"date: 2026-05-22\ntargets: [{number}]\n" if folder == "news" else "section: biodiversity\n"
    return f"---\ntitle: {title}\nsummary: Sur {title}\n{own}---\n\n{body}\n"


def translation(title: str, body: str) -> str:
    return f"---\ntitle: {title}\n---\n\n{body}\n"


BEFORE: dict[str, str | bytes] = {
    **{f"{name}.fr.md": text(name, name, "Texte.", 3) for name in NAMES},
    "files/a.pdf": b"%PDF",
}
names = st.sampled_from(NAMES)
titles, bodies = st.sampled_from(["Un", "Deux"]), st.sampled_from(TEXTS)
edits = st.one_of(
    st.builds(
        lambda name, *told: (f"{name}.fr.md", text(name, *told)), names, titles, bodies, st.integers(3, 4)
    ),
    st.builds(lambda name, *told: (f"{name}.en.md", translation(*told)), names, titles, bodies),
    st.builds(lambda name, language: (f"{name}.{language}.md", None), names, st.sampled_from(["fr", "en"])),
    st.sampled_from([(name, content) for name, contents in OTHERS.items() for content in contents]),
    st.tuples(names, names),
)
languages = st.sampled_from([("fr",), ("fr", "en"), ("fr", "en", "ar")])
steps = st.lists(st.one_of(edits, edits, edits, languages), min_size=2, max_size=5)


@contextmanager
def an_installation(files: dict[str, str | bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "site_templates").symlink_to(root() / "site_templates")
        lay(here / "stacks", files)
        yield here


def change(here: Path, edit: Edit) -> None:
    """Write, remove or rename a file; a name without an ending is a record to be called as the other."""
    name, content = edit
    path = here / "stacks/bj" / name
    path.parent.mkdir(exist_ok=True)
    if not path.suffix:
        for file in sorted(path.parent.glob(f"{path.name}.*")):
            target = here / "stacks/bj" / f"{content}.{file.name.split('.', 1)[1]}"
            file.rename(target)
    elif content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(content)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def made(here: Path, *languages: str, seen: Seen | None = None) -> Path:
    return build(here, a_country(*languages), seen, UNINDEXED)


def built(here: Path, *languages: str, seen: Seen | None = None) -> dict[str, bytes] | str:
    try:
        return files(made(here, *languages, seen=seen))
    except Trouble as trouble:
        return str(trouble)


def built_from_nothing(here: Path, *languages: str) -> dict[str, bytes] | str:
    with an_installation({}) as other:
        shutil.rmtree(other / "stacks")
        shutil.copytree(here / "stacks", other / "stacks")
        return built(other, *languages)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(steps)
def test_whatever_is_edited_a_build_is_the_same_as_one_from_nothing(
    steps: list[Edit | tuple[str, ...]],
) -> None:
    partner, seen = ("fr", "en"), Seen()
    with an_installation(BEFORE) as here:
        built(here, *partner, seen=seen)
        for step in steps:
            if step[0] in ("fr", "en"):
                partner = step
            else:
                change(here, step)
            found = built(here, *partner, seen=seen)
            assert found == built_from_nothing(here, *partner), step


LINKED = {
    "pages/p1.fr.md": text("pages/p1", "Un", "Voir [le plan](files/a.pdf) et [la nouvelle](news/n1).", 3),
    "documents/d.yaml": str(OTHERS["documents/d.yaml"][0]),
}


@pytest.mark.parametrize(
    "edit",
    [
        ("news/n2.fr.md", text("news/n2", "Autre titre", "Texte.", 3)),
        ("documents/d.yaml", None),
        (
            "documents/d.yaml",
            LINKED["documents/d.yaml"].replace("files: {fr: a.pdf}", "link: https://a.example/"),
        ),
        ("news/n1", "news/n3"),
        ("files/a.pdf", "%PDF-1.7"),
        ("country.yaml", "name: {fr: Autrement}\ncode: BJ\n"),
        ("pages/p2.fr.md", text("pages/p2", "Un", "Texte.", 3).replace("biodiversity", "science")),
        ("glossary/mot.fr.md", text("glossary/mot", "glossary/mot", "Autrement.", 3)),
        ("pages/about.fr.md", text("pages/about", "pages/about", "Autrement.", 3)),
    ],
)
def test_what_one_record_says_changes_the_pages_of_others(edit: Edit) -> None:
    with an_installation({**BEFORE, **LINKED}) as here:
        before = files(made(here, "fr"))
        change(here, edit)
        found = built(here, "fr")
        assert found == built_from_nothing(here, "fr")
        assert found != before


PAGES: dict[str, str | bytes] = {
    f"pages/p{number}.fr.md": text("pages/p", f"Page {number}", "Texte.", 3) for number in range(120)
}


def test_a_page_that_is_the_same_is_shared_with_the_build_before() -> None:
    with an_installation(PAGES) as here:
        before = made(here, "fr")
        change(here, ("pages/p7.fr.md", text("pages/p", "Page 7", "Autre texte.", 3)))
        after = made(here, "fr")
        pages = [path.relative_to(after) for path in after.rglob("*.html")]
        anew = {str(page) for page in pages if not os.path.samefile(after / page, before / page)}
        assert anew == {"fr/biodiversity/p7/index.html", "index.html"}


def test_a_build_without_compressed_files_takes_none_of_the_build_before() -> None:
    with an_installation(PAGES) as here:
        assert "fr/biodiversity/p8/index.html.gz" in files(made(here, "fr"))
        change(here, ("pages/p7.fr.md", text("pages/p", "Page 7", "Autre texte.", 3)))
        bare = build(here, a_country("fr"), aim=Aim("sites", lambda _: None, twins=()))
        assert not [path for path in files(bare) if path.endswith((".gz", ".br"))]


def test_an_editors_lock_which_is_a_link_to_nothing_keeps_nobody_from_building() -> None:
    with an_installation(PAGES) as here:
        before = made(here, "fr")
        (here / "stacks/bj/pages/.#p7.fr.md").symlink_to("somebody@host.4711")
        assert made(here, "fr") == before


def test_one_worker_and_two_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = checked(tmp_path, PAGES, "fr", "en").content
    assert content
    site = prepared(content, TEMPLATES, TODAY, tmp_path / "pictures")
    for workers in (1, 2):
        monkeypatch.setattr(os, "cpu_count", lambda number=workers: number)
        render_into(tmp_path / str(workers), site, {})
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_pages_of_a_build_that_is_gone_are_made_anew() -> None:
    with an_installation(PAGES) as here:
        shutil.rmtree(made(here, "fr"))
        change(here, ("pages/p7.fr.md", text("pages/p", "Page 7", "Autre texte.", 3)))
        assert built(here, "fr") == built_from_nothing(here, "fr")


def test_a_page_that_is_kept_stays_when_the_build_before_goes(tmp_path: Path) -> None:
    put = writer(tmp_path)
    put("one/a.html", b"a")
    put("two/a.html", Kept(f"{tmp_path}/one/a.html"))
    shutil.rmtree(tmp_path / "one")
    assert files(tmp_path / "two") == {"a.html": b"a"}


def test_a_file_that_was_changed_a_moment_ago_is_read_again(tmp_path: Path) -> None:
    seen, path = Seen(), tmp_path / "a"
    for number in range(50):
        path.write_text(str(number % 10))
        assert seen.of_file(path, "text", path.read_text) == str(number % 10)


def test_a_file_that_has_not_changed_for_a_while_is_read_once(tmp_path: Path) -> None:
    seen, path, reads = Seen(), tmp_path / "a", list[str]()
    path.write_text("a")
    time.sleep(0.3)
    for _ in range(3):
        seen.of_file(path, "text", lambda: reads.append("read"))
    path.write_text("b")
    seen.of_file(path, "text", lambda: reads.append("read"))
    assert reads == ["read", "read"]
