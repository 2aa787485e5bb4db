"""`chm site serve`, as somebody who writes a page sees it."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from clearinghouse.installation import root
from clearinghouse.site.build import PREVIEW, build
from clearinghouse.site.search import index
from clearinghouse.site.seen import Seen
from clearinghouse.site.serve import Preview, server
from tests.site.information import a_country, lay

NEWS = "---\ntitle: Journée de la forêt\ndate: 2026-05-22\n---\n\n{}\n"


@dataclass
class Writing:
    """A page of a partner's site in a browser, and the file that it is made from."""

    page: Page
    file: Path
    address: str
    told: list[str]

    def write(self, text: str) -> None:
        self.file.write_text(NEWS.format(text))


@pytest.fixture
def writing(tmp_path: Path, browser: Browser) -> Iterator[Writing]:
    (tmp_path / "site_templates").symlink_to(root() / "site_templates")
    own = lay(tmp_path / "stacks", {"news/foret.fr.md": NEWS.format("Des arbres.")})
    partner, seen, told = a_country("fr"), Seen(), list[str]()
    preview = Preview(lambda: build(tmp_path, partner, seen, PREVIEW), (own,), told.append, index)
    shown = server(preview, "fr", 0)
    preview.refresh()
    for work in (preview.watch, shown.serve_forever):
        threading.Thread(target=work, daemon=True).start()
    address = f"http://127.0.0.1:{shown.server_port}"
    page = browser.new_page()
    page.goto(f"{address}/fr/news/foret/")
    yield Writing(page, own / "news/foret.fr.md", address, told)
    page.close()
    shown.shutdown()
    shown.server_close()


def test_a_page_in_the_browser_follows_its_file(writing: Writing) -> None:
    expect(writing.page.locator("main")).to_contain_text("Des arbres.")
    writing.write("Des lianes.")
    expect(writing.page.locator("main")).to_contain_text("Des lianes.")


def test_the_search_finds_what_was_just_written(writing: Writing) -> None:
    writing.write("Des palétuviers.")
    expect(writing.page.locator("main")).to_contain_text("Des palétuviers.")

    def is_found() -> bool:
        writing.page.goto(f"{writing.address}/fr/search/?q=palétuviers")
        status = writing.page.locator("[data-status]")
        expect(status).to_have_text(re.compile("Pages trouvées|Rien trouvé|ne fonctionne pas"))
        return writing.page.locator("[data-results] li a").count() > 0

    assert any(is_found() for _ in range(100))


def test_while_a_file_is_wrong_the_last_good_page_stays_and_the_mistake_is_told(writing: Writing) -> None:
    writing.file.write_text(NEWS.format("Des lianes.").replace("2026-05-22", "demain"))
    while not any("foret.fr.md:3" in line for line in writing.told):
        writing.page.wait_for_timeout(50)
    writing.page.reload()
    expect(writing.page.locator("main")).to_contain_text("Des arbres.")
