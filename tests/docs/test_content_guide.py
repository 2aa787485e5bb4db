"""docs/guides/content.md and content.fr.md: every example makes a site, every message is the one that comes.

The line above an example says what it is:

- a path in backticks alone: a file of the site that all examples make together
- `Wrong:` or `Warning:` and a path: put there, that file gets the message in the example that follows
- `It says:`: that message
- any other, above an example called console: a command after `$ `, and what it says
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import niquests
import pytest
from typer.testing import CliRunner

from clearinghouse.cli.main import app
from clearinghouse.errors import Trouble
from clearinghouse.site.check import check
from clearinghouse.site.model.kinds import KINDS
from clearinghouse.site.render import render
from tests.declare.conftest import LOCAL
from tests.site.information import TODAY, a_country, lay
from tests.site.made import TEMPLATES, Made
from tests.site.test_examples import a_picture

ROOT = Path(__file__).parents[2]
GUIDES = {"en": ROOT / "docs/guides/content.md", "fr": ROOT / "docs/guides/content.fr.md"}
BENIN = """\
partner: bj
name: {fr: Bénin, en: Benin}
languages: [fr, en]
tier: standard-site
since: 1999
domains: [bj.example.org]
host: local
contacts:
  - {role: technical, name: Somebody, email: somebody@example.org, consent: false, review: 2027-01-31}
limits: {memory: 128M, cpus: 0.5, disk: 1G}
"""
_FENCE = re.compile(
    r"^(?P<above>[^\n]+)\n\n```(?P<form>[a-z]+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_FILE = re.compile(r"`stacks/(?P<code>[a-z]{2})/(?P<path>[^`]+)`")
_WRONG = re.compile(r"(Wrong|Warning|Faux|Avertissement) ?: `stacks/bj/(?P<path>[^`]+)`(?P<saved>.*)")


@dataclass(frozen=True)
class Example:
    """What stands in a guide between two fences, and the line above it."""

    above: str
    form: str
    text: str

    @property
    def is_message(self) -> bool:
        return self.above in ("It says:", "On lit :")


@dataclass(frozen=True)
class Mistake:
    """A file with a mistake, and what is said about it."""

    path: str
    content: bytes
    message: str


def examples(language: str) -> list[Example]:
    guide = GUIDES[language].read_text(encoding="utf-8")
    return [Example(found["above"], found["form"], found["text"]) for found in _FENCE.finditer(guide)]


def files(language: str, code: str) -> dict[str, str | bytes]:
    """The files of a country's site, with the pictures and documents that the guide names."""
    guide = GUIDES[language].read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:files|images)/[\w-]+\.[a-z]+)`", guide))
    beside = {name: a_picture() if name.startswith("images/") else b"%PDF-1.4\n" for name in sorted(named)}
    written = [(_FILE.fullmatch(each.above), each.text) for each in examples(language)]
    return {**beside, **{name["path"]: text for name, text in written if name and name["code"] == code}}


def mistakes(language: str) -> list[Mistake]:
    every = examples(language)
    return [
        Mistake(
            wrong["path"], each.text.encode("cp1252" if "1252" in wrong["saved"] else "utf-8"), after.text
        )
        for each, after in pairwise(every)
        if (wrong := _WRONG.fullmatch(each.above))
    ]


def commands(language: str) -> list[tuple[str, str]]:
    """Each command and what it says."""
    shown = [each.text for each in examples(language) if each.form == "console"]
    return [(text.split("\n", 1)[0].removeprefix("$ "), text.split("\n", 1)[1]) for text in shown]


def said(folder: Path, content: Mapping[str, str | bytes]) -> list[str]:
    """All that is wrong with a site, and all warnings."""
    found = check(lay(folder, content), a_country("fr", "en"), TODAY)
    lines = [str(problem) for problem in (*found.problems, *found.warnings)]
    if found.content is None:
        return lines
    try:
        render(found.content, TEMPLATES, TODAY, folder / "pictures")
    except Trouble as trouble:
        lines += str(trouble).splitlines()
    return lines


def told(output: str) -> str:
    """What a terminal keeps of an output, without what differs from run to run: times, hashes, ports."""
    kept = [
        line.rstrip() for line in output.splitlines() if not line.endswith(" …")
    ]  # a live line, then gone
    text = re.sub(r"[0-9]+\.[0-9] s\b", "0.0 s", "\n".join(kept))
    return re.sub(r":[0-9]+/", ":8000/", re.sub(r"[0-9a-f]{64}", "…", text))


def preview(folder: Path) -> "subprocess.Popen[str]":
    """`chm site serve bj` on a free port."""
    command = [sys.executable, "-u", "-m", "clearinghouse.cli.main", "site", "serve", "bj", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with the guide's site of Benin, on the day on which the guide was written."""
    lay(tmp_path / "stacks", files("en", "bj"))
    (tmp_path / "stacks/hosts").mkdir()
    (tmp_path / "stacks/hosts/local.yaml").write_text(LOCAL)
    (tmp_path / "stacks/bj.yaml").write_text(BENIN, encoding="utf-8")
    (tmp_path / "Pulumi.yaml").write_text("name: clearinghouse\n")
    (tmp_path / "site_templates").symlink_to(ROOT / "site_templates")
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(noon.timestamp())))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", GUIDES)
def test_every_example_is_a_file_a_mistake_its_message_or_a_command(language: str) -> None:
    every = examples(language)
    assert len(every) == GUIDES[language].read_text(encoding="utf-8").count("\n```") / 2
    for before, each in zip([None, *every], every, strict=False):
        is_wrong = bool(_WRONG.fullmatch(each.above))
        follows_wrong = before is not None and bool(_WRONG.fullmatch(before.above))
        is_file = bool(_FILE.fullmatch(each.above))
        assert is_file + is_wrong + each.is_message + (each.form == "console") == 1, each.above
        assert follows_wrong == each.is_message, each.above


@pytest.mark.parametrize("language", GUIDES)
@pytest.mark.parametrize(("code", "languages"), [("bj", ("fr", "en")), ("ma", ("ar", "fr", "en"))])
def test_the_examples_make_a_site_without_a_problem(
    language: str, code: str, languages: tuple[str, ...], tmp_path: Path
) -> None:
    own = files(language, code)
    assert len([name for name in own if not name.startswith(("files/", "images/"))]) >= 4
    assert check(lay(tmp_path, own), a_country(*languages), TODAY).warnings == ()
    assert Made(tmp_path, own, *languages).leads_nowhere() == []


@pytest.mark.parametrize("language", GUIDES)
def test_a_mistake_gets_exactly_the_message_shown(language: str, tmp_path: Path) -> None:
    own = files(language, "bj")
    assert len(mistakes(language)) >= 15
    for number, mistake in enumerate(mistakes(language)):
        lines = said(tmp_path / str(number), {**own, mistake.path: mistake.content})
        assert lines == mistake.message.splitlines(), mistake.path


@pytest.mark.parametrize("language", GUIDES)
def test_the_links_that_the_guide_teaches_lead_somewhere(language: str, tmp_path: Path) -> None:
    guide = GUIDES[language].read_text(encoding="utf-8")
    taught = re.findall(r"^\| `(\[.+?\]\(.+?\))` \|", guide, re.MULTILINE)
    assert len(taught) == 6
    page = "---\ntitle: Contact\n---\n" + "\n\n".join(taught)
    made = Made(tmp_path, {**files(language, "bj"), "pages/contact.fr.md": page}, "fr", "en")
    assert len(made.page("fr/contact/").xpath("//main//p/a[not(@class)]")) >= len(taught)
    assert made.leads_nowhere() == []


def test_both_guides_have_the_same_examples() -> None:
    french, english = ([(each.form, each.text) for each in examples(language)] for language in ("fr", "en"))
    assert french == english
    assert files("fr", "bj") == files("en", "bj")
    assert files("fr", "ma") == files("en", "ma")
    assert mistakes("fr") == mistakes("en")


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_names_every_type_and_its_links_lead_somewhere(language: str) -> None:
    guide = GUIDES[language].read_text(encoding="utf-8")
    assert [folder for folder in KINDS if f"`{folder}/`" not in guide] == []
    prose = re.sub(r"^```.*?^```$|`[^`\n]+`", "", guide, flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", prose)
    assert len(targets) > len(KINDS)
    assert [target for target in targets if not (GUIDES[language].parent / target).exists()] == []


def test_the_commands_say_what_the_guide_shows(installation: Path) -> None:
    shown = dict(commands("en"))
    assert set(shown) == {
        "chm site serve bj",
        "chm site status bj",
        "chm site status bj --files",
        "chm site build bj",
    }
    for command, expected in shown.items():
        if "serve" not in command:
            done = CliRunner().invoke(app, command.split()[1:])
            assert done.exit_code == 0, done.output
            assert told(done.output) == told(expected), command


def test_the_preview_says_what_the_guide_shows_and_follows_changes(installation: Path) -> None:
    expected = dict(commands("en"))["chm site serve bj"].splitlines()
    page = installation / "stacks/bj/pages/sacred-forests.fr.md"
    with preview(installation) as running:
        try:
            assert running.stdout
            lines = [running.stdout.readline() for _ in expected]
            assert [told(line) for line in lines] == [told(line) for line in expected]
            section = f"{lines[-1].split()[0]}fr/biodiversity/"
            assert "Forêts sacrées" in str(niquests.get(section).text)
            page.write_text(page.read_text(encoding="utf-8").replace("Forêts", "Bois"), encoding="utf-8")
            assert told(running.stdout.readline()) == told(expected[0])
            assert "Bois sacrées" in str(niquests.get(section).text)
        finally:
            running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
