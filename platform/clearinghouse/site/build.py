"""Builds a partner's site: gather, check, render, write. What is built once is not built again."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

from clearinghouse.declare.partner import Partner
from clearinghouse.errors import NOT_WELL, Trouble
from clearinghouse.site.check import Checked, check
from clearinghouse.site.day import day_for, today
from clearinghouse.site.render import render
from clearinghouse.site.search import index
from clearinghouse.site.write import write

_GENERATOR = Path(__file__).parent
_LIBRARIES = ("Babel", "brotli", "Jinja2", "markdown-it-py", "nh3", "pagefind", "Pillow")
_DECLARED = {"partner", "name", "languages", "domains"}
"""What a site takes of its partner's declaration."""


def inputs_digest(root: Path, partner: Partner) -> str:
    """The hash of all that a partner's site is made from: 64 hexadecimal digits.

    Args:
        root: the installation.
        partner: whose site it is.
    """
    digest = hashlib.sha256()
    own = sorted(_files(root / "stacks" / partner.partner))
    texts = [path.read_bytes() for path in own]
    day = day_for((text for path, text in zip(own, texts, strict=True) if _is_text(path)), today())
    facts = [partner.model_dump(mode="json", include=_DECLARED), str(day), _versions()]
    digest.update(json.dumps(facts, sort_keys=True).encode())
    for path, text in zip(own, texts, strict=True):
        _add(digest, path.relative_to(root), text)
    for folder in (root / "site_templates/standard", _GENERATOR):
        for path in sorted(_files(folder)):
            _add(digest, path.relative_to(folder), path.read_bytes())
    return digest.hexdigest()


def build(root: Path, partner: Partner) -> Path:
    """Build a partner's site where that has not been done.

    Args:
        root: the installation.
        partner: whose site it is.

    Returns:
        The folder with the finished site, ready to be served.

    Raises:
        Trouble: something in the partner's information is wrong (all of it is told), or cannot be written.
    """
    folder = root / ".state/sites" / partner.partner / inputs_digest(root, partner)
    if not folder.is_dir():
        checked = examine(root, partner)
        if checked.content is None:
            raise Trouble("\n".join(str(problem) for problem in checked.problems))
        cache = root / ".state/pictures"
        outputs = render(checked.content, root / "site_templates/standard", _day(root, partner), cache)
        if inputs_digest(root, partner) != folder.name:
            raise Trouble(f"stacks/{partner.partner} changed while it was read; repeat", exit_code=NOT_WELL)
        write(outputs, folder, index)
    return folder


def examine(root: Path, partner: Partner) -> Checked:
    """What a partner provides, with all that is wrong in it."""
    return check(root / "stacks" / partner.partner, partner, today())


def _day(root: Path, partner: Partner) -> date:
    texts = (path.read_bytes() for path in _files(root / "stacks" / partner.partner) if _is_text(path))
    return day_for(texts, today())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def _is_text(path: Path) -> bool:
    return path.suffix in (".yaml", ".md", ".csv")


def _add(digest: "hashlib._Hash", path: Path, content: bytes) -> None:
    digest.update(f"{path}\0{len(content)}\0".encode())
    digest.update(content)


def _versions() -> dict[str, str]:
    return {name: version(name) for name in _LIBRARIES}
