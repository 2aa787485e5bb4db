"""`make pictures`: builds the example sites and takes the pictures of them that docs/looks.md shows.

The same sites give the same pictures: the day is a fixed one, and nothing on the pages moves.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from clearinghouse.cli import stacks  # noqa: E402
from clearinghouse.installation import root  # noqa: E402
from clearinghouse.site.build import build  # noqa: E402
from tests.browser.served import served  # noqa: E402

FOLDER = Path(__file__).parent / "site"
DAY = "1795564800"
"""25 November 2026, as SOURCE_DATE_EPOCH has it."""
SITES = {"bj": ("fr", "en"), "ma": ("ar",)}
PAGES = {"home": "", "library": "library/", "focal-points": "focal-points/", "404": "nothing-here/"}
SIZES = {"phone": (360, 900), "desktop": (1280, 960)}
"""Width and height; one dot a pixel, as Chromium does not always lay out the same where there are two."""
SCHEMES = ("light", "dark")
FLAGS = ("--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--force-color-profile=srgb")


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
