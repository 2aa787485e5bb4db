"""What all pages of a site use, under names that change with what is in them: browsers may keep each."""

import hashlib
import re
from pathlib import Path

from clearinghouse.site import colours
from clearinghouse.site.content import Content
from clearinghouse.site.views.values import Assets


def assets(content: Content, templates: Path) -> tuple[Assets, dict[str, bytes]]:
    """The addresses of the assets, and each one's content by its path.

    Args:
        content: says the colours.
        templates: the folder site_templates/standard.
    """
    css = (templates / "site.css").read_text(encoding="utf-8")
    named = {
        "css": ("site", ".css", _minified(css + colours.css(colours.palette(content.site.colours))).encode()),
        "icons": ("icons", ".svg", (templates / "icons.svg").read_bytes()),
        "favicon": ("favicon", ".svg", _favicon(content.site.colours[0]).encode()),
        "search_js": ("search", ".js", (templates / "search.js").read_bytes()),
    }
    paths = {key: f"assets/{stem}-{_hash(text)}{end}" for key, (stem, end, text) in named.items()}
    return (
        Assets(**{key: f"/{path}" for key, path in paths.items()}),
        {paths[key]: text for key, (_, _, text) in named.items()},
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _minified(css: str) -> str:
    """The same without comments, indents and empty lines."""
    lines = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip())


def _favicon(colour: str) -> str:
    """A leaf in the partner's first colour."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill="{colour}" d="M2 14C1 6 6 2 14 2c0 8-4 13-10 11l4-5"/></svg>'
    )
