"""Other site generators, with themes that show the title and the text and little else, on the same pages."""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

HERE = Path(__file__).parent
RELEASES = ("pelican[markdown]==4.12.*", "mkdocs==1.6.*")
Command = list[str]


def tools(folder: Path) -> Path:
    """The programs of Pelican and MkDocs, in an environment of their own, from PyPI."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", *RELEASES]
    subprocess.run(pip, check=True)
    return folder / "bin"


def pelican(folder: Path, pages: Mapping[str, str], programs: Path) -> Command:
    """Lay Pelican's sources; what builds them."""
    _lay(folder / "content/pages", pages)
    settings = {
        "SITENAME": "Bénin", "SITEURL": "", "TIMEZONE": "UTC", "DEFAULT_LANG": "fr", "PATH": "content",
        "ARTICLE_PATHS": [], "PAGE_PATHS": ["pages"],
        "PAGE_URL": "{slug}/", "PAGE_SAVE_AS": "{slug}/index.html",
        "FEED_ALL_ATOM": None, "CATEGORY_FEED_ATOM": None, "TRANSLATION_FEED_ATOM": None,
        "AUTHOR_FEED_ATOM": None, "AUTHOR_FEED_RSS": None, "DIRECT_TEMPLATES": ["index"],
        "THEME": str(HERE / "pelican"), "OUTPUT_PATH": "output", "CACHE_CONTENT": False,
    }  # fmt: skip
    lines = [f"{name} = {value!r}" for name, value in settings.items()]
    (folder / "pelicanconf.py").write_text("\n".join(lines) + "\n")
    (folder / "static").mkdir()
    return [str(programs / "pelican"), "--settings", "pelicanconf.py", "--quiet"]


def mkdocs(folder: Path, pages: Mapping[str, str], programs: Path) -> Command:
    """Lay MkDocs' sources; what builds them, without its search."""
    _lay(folder / "docs", pages)
    (folder / "docs/index.md").write_text("---\ntitle: Bénin\nsummary: Bénin\n---\n")
    theme = {"name": None, "custom_dir": str(HERE / "mkdocs")}
    settings = {"site_name": "Bénin", "site_url": "https://bj.example/", "theme": theme, "plugins": []}
    (folder / "mkdocs.yml").write_text(json.dumps(settings, ensure_ascii=False))  # JSON is YAML
    return [str(programs / "mkdocs"), "build", "--quiet"]


def hugo(folder: Path, pages: Mapping[str, str], _: Path) -> Command:
    """Lay Hugo's sources; what builds them."""
    shutil.copytree(HERE / "hugo", folder, dirs_exist_ok=True)
    _lay(folder / "content/biodiversity", pages)
    return ["hugo", "--quiet"]


PEERS: Mapping[str, Callable[[Path, Mapping[str, str], Path], Command]] = {
    "Pelican": pelican,
    "MkDocs": mkdocs,
    "Hugo": hugo,
}


def version(name: str, programs: Path) -> str:
    """Which release of a peer it is."""
    commands = {"Hugo": ["hugo", "version"], "Pelican": [str(programs / "pelican"), "--version"]}
    command = commands.get(name, [str(programs / "mkdocs"), "--version"])
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return next(word.strip("v,") for word in told.split() if word.strip("v")[:1].isdigit()).split("+")[0]


def build(folder: Path, command: Command, made: str, pages: int) -> None:
    """Run a peer; every page must be there afterwards."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = sum("index.html" in files for _, _, files in os.walk(folder / made))
    if done.returncode or found < pages:
        sys.exit(f"{' '.join(command)}: {found} of {pages} pages\n{done.stdout}{done.stderr}")


def _lay(folder: Path, pages: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)
