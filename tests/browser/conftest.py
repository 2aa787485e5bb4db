"""A built site behind a server with the strict policy, and a real browser that looks at it."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from clearinghouse.installation import root
from clearinghouse.site.model.country import CountryFacts, SiteFacts
from clearinghouse.site.model.kinds import KINDS
from clearinghouse.site.search import index
from clearinghouse.site.write import appearing, writer
from tests.browser.served import served
from tests.site.filled import filled, written
from tests.site.made import Made

AXE = "4.14.1"
VNU = "26.9.27"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a record of every type, in French and Arabic."""
    place = tmp_path_factory.mktemp("site")
    made = Made(place, every_type(), "fr", "ar")
    with appearing(place / "out") as part:
        put = writer(part)
        for path, output in made.outputs.items():
            put(path, output)
        index(part)
    return place / "out"


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    """Where the site is served."""
    with served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The program of axe-core."""
    return (_from_npm("axe-core", AXE) / "axe.min.js").read_text()


@pytest.fixture(scope="session")
def vnu() -> Path:
    """The W3C's checker of HTML."""
    return _from_npm("vnu-jar", VNU) / "build/dist/vnu.jar"


def _from_npm(name: str, version: str) -> Path:
    done = subprocess.run(
        [root() / "toolchain/npm", name, version], capture_output=True, text=True, check=True
    )
    return Path(done.stdout.strip())


def every_type() -> dict[str, str | bytes]:
    """A partner's information with a record of every type, plain words in every field."""
    text = "La forêt et ses habitants"
    files: dict[str, str | bytes] = {
        f"{folder}/{name}.yaml": written(filled(kind.model, f"{text} {name}"))
        for folder, kind in KINDS.items()
        if folder != "pages"
        for name in ("one", "two")
    }
    prose = "## Titre\n\nTexte avec [un lien](news/one).\n\n- un\n- deux\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
    page = {**filled(KINDS["pages"].model, text), "body": {"fr": prose, "ar": prose}}
    files |= {
        f"pages/{name}.yaml": written({**page, "section": section})
        for name, section in (("about", "about"), ("biodiversity", "biodiversity"), ("more", "science"))
    }
    files["pages/french.fr.md"] = f"---\ntitle: Français\nsection: science\n---\n\n{prose}"
    files["site.yaml"] = written({**filled(SiteFacts, text), "colours": ["#17603f", "#b0741a"]})
    files["country.yaml"] = written(filled(CountryFacts, text))
    picture = io.BytesIO()
    Image.effect_noise((1200, 675), 60).convert("RGB").save(picture, "PNG")
    return {**files, "files/a.pdf": b"%PDF-1.4", "images/a.png": picture.getvalue()}
