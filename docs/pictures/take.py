"""`make pictures`: builds the example sites and takes the pictures of them that docs/looks.md shows.

The same sites give the same pictures: the day is a fixed one, and nothing on the pages moves.
"""

import functools
import http.server
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from clearinghouse.cli import stacks
from clearinghouse.installation import root
from clearinghouse.plan.web_config import POLICY
from clearinghouse.site.build import build

FOLDER = Path(__file__).parent / "site"
DAY = "1795564800"
"""25 November 2026, as SOURCE_DATE_EPOCH has it."""
SITES = {"bj": ("fr", "en"), "ma": ("ar",)}
PAGES = {"home": "", "library": "library/", "focal-points": "focal-points/", "404": "nothing-here/"}
SIZES = {"phone": (360, 900), "desktop": (1280, 960)}
"""Width and height; one dot a pixel, as Chromium does not always lay out the same where there are two."""
SCHEMES = ("light", "dark")
FLAGS = ("--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--force-color-profile=srgb")


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Answers as the live web does: with the same policy, and with the page of what is missing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "; ".join(POLICY))
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / self.path.split("/")[1] / "404.html"
        content = page.read_bytes() if page.is_file() else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder that is served on this machine."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def take(browser: Browser, address: str, language: str) -> Iterator[tuple[str, Image.Image]]:
    """The first screen of each page in a language, by the name of its picture."""
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            for name, path in PAGES.items():
                page.goto(f"{address}/{language}/{path}", wait_until="networkidle")
                picture = page.screenshot(animations="disabled", caret="hide")
                yield f"{name}-{language}-{size}-{scheme}.webp", Image.open(io.BytesIO(picture))
            page.close()


def main() -> None:
    """Take them all anew."""
    os.environ["SOURCE_DATE_EPOCH"] = DAY
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=FLAGS,
        )
        for partner, languages in SITES.items():
            folder = build(root(), stacks.standard_site(partner)[1])
            with served(folder) as address:
                for language in languages:
                    for name, picture in take(browser, address, language):
                        picture.convert("RGB").save(FOLDER / name, quality=72, method=6)
        browser.close()
    sizes = [path.stat().st_size for path in FOLDER.iterdir()]
    print(f"{len(sizes)} pictures in docs/pictures/site, {sum(sizes) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
