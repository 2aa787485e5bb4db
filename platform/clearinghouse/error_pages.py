"""The static pages that web servers and the edge show when something is wrong."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

LANGUAGES = ("en", "fr", "es", "pt", "ar")
STATUSES = (400, 403, 404, 413, 421, 500, 502, 503, 504)


TEMPLATES = Path(__file__).parents[2] / "site_templates" / "errors"


def render(templates: Path = TEMPLATES) -> dict[str, bytes]:
    """Render every error page.

    Args:
        templates: the folder that holds error.html.j2, error.css and texts.yaml
            (site_templates/errors of the repository).

    Returns:
        The bytes of each page by its file name, "404.fr.html"; the same input gives the same bytes.
    """
    texts = yaml.safe_load((templates / "texts.yaml").read_text(encoding="utf-8"))
    style = (templates / "error.css").read_text(encoding="utf-8").strip()
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.globals.update(style=_verbatim(style), style_hash=_csp_hash(style))
    template = environment.get_template("error.html.j2")
    return {
        f"{status}.{language}.html": template.render(_values(texts, language, status)).encode()
        for language in LANGUAGES
        for status in STATUSES
    }


def language_for(languages: tuple[str, ...]) -> str:
    """Give the language of the pages for readers who name none: the partner's first that we have, else en.

    Args:
        languages: BCP 47 tags, the partner's main language first.
    """
    spoken = languages[0].split("-")[0].lower() if languages else ""
    return spoken if spoken in LANGUAGES else "en"


def _values(texts: dict[str, Any], language: str, status: int) -> dict[str, Any]:
    speech = texts["languages"][language]
    return {
        "language": language,
        "direction": speech["direction"],
        "label": speech["label"],
        "status": status,
        "text": speech["statuses"][status],
        "target": "" if status in texts["again"] else "/",
    }


def _verbatim(style: str) -> Markup:
    return Markup(style)  # our own file, and its hash is of these very bytes


def _csp_hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
