"""The texts of the interface, as templates and code have them, and the catalogues of their translations."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from clearinghouse.site.catalogue import FOLDER

_CODE = Path(__file__).parent
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"N_": None, "text": None, "_": None, "ngettext": (1, 2)}
_TEMPLATE = {"trimmed": "true"}
_HEADER = (
    "# Translations of the standard site's interface; plain words, as a ministry writes to its citizens."
)

_UNSAID = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)


def extracted(templates: Path) -> Catalog:
    """Every text of the interface.

    Args:
        templates: the folder site_templates/standard.
    """
    catalogue = Catalog(charset="utf-8", header_comment=_HEADER)
    for text, comments in _texts(templates):
        catalogue.add(text, auto_comments=comments)
    return catalogue


def read(language: str) -> Catalog:
    """The catalogue of a language; empty where there is none."""
    file = FOLDER / f"{language}.po"
    content = file.read_bytes() if file.exists() else b""
    return read_po(io.BytesIO(content), locale=language.replace("-", "_"))


def updated(language: str, templates: Path) -> bytes:
    """The text of a language's catalogue with every text of the interface in it; new ones are empty."""
    there = read(language)
    made = extracted(templates)
    made.locale = there.locale
    made.header_comment, made.fuzzy = _HEADER, False
    for message in made:
        known = there.get(message.id)
        if message.id and known:
            message.string = known.string
    written = io.BytesIO()
    write_po(written, made, width=110, no_location=True, omit_header=False, sort_output=True)
    return _without_dates(written.getvalue())


def missing(language: str, templates: Path) -> tuple[str, ...]:
    """The texts that a language has no translation of."""
    there = read(language)
    return tuple(
        str(message.id)
        for message in extracted(templates)
        if message.id and not _is_translated(there.get(message.id))
    )


def _is_translated(message: object) -> bool:
    string = getattr(message, "string", "")
    forms = string if isinstance(string, tuple) else (string,)
    return all(forms) and not getattr(message, "fuzzy", True)


def _without_dates(text: bytes) -> bytes:
    """Dates and names in the header would change with every update, and say nothing."""
    lines = text.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_UNSAID))


def _texts(templates: Path) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    for path in sorted(templates.glob("*.j2")):
        yield from _of_file("jinja2.ext:babel_extract", path, _TEMPLATE)
    for path in sorted(_CODE.rglob("*.py")):
        yield from _of_file("python", path, {})


def _of_file(
    method: str, path: Path, options: dict[str, str]
) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    with path.open("rb") as file:
        found = extract(method, file, keywords=_KEYWORDS, options=options)
        for _, text, comments, _ in found:
            yield text, list(comments)
