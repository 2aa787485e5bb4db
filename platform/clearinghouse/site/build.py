"""Builds a partner's site: gather, check, render, write. What is built once is not built again."""

import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clearinghouse.declare.partner import Partner
from clearinghouse.errors import Trouble
from clearinghouse.site.check import Checked, check
from clearinghouse.site.compression import ENDINGS
from clearinghouse.site.content import Content
from clearinghouse.site.day import today
from clearinghouse.site.inputs import Inputs, inputs
from clearinghouse.site.keys import keys
from clearinghouse.site.render import prepared, render_into
from clearinghouse.site.search import index
from clearinghouse.site.seen import Seen
from clearinghouse.site.shelf import Shelf
from clearinghouse.site.write import appearing


def inputs_digest(root: Path, partner: Partner) -> str:
    """The hash of all that a partner's site is made from: 64 hexadecimal digits.

    Args:
        root: the installation.
        partner: whose site it is.
    """
    return inputs(root, partner, Seen(forgets=True)).digest


@dataclass(frozen=True, slots=True)
class Aim:
    """What a build is for.

    Attributes:
        place: where it goes, below .state/.
        finish: adds to the written files: the search index.
        twins: which compressed files a web server finds beside each text.
    """

    place: str
    finish: Callable[[Path], None]
    twins: Sequence[str] = ENDINGS


SITE = Aim("sites", index)
PREVIEW = Aim("previews", lambda _: None, twins=())
"""What a browser on this machine does not need, or not at once, takes longer than all else."""


def build(root: Path, partner: Partner, seen: Seen | None = None, aim: Aim = SITE) -> Path:
    """Build a partner's site where that has not been done; pages of the last build that are the same stay.

    Args:
        root: the installation.
        partner: whose site it is.
        seen: what this process has read before.
        aim: what it is for.

    Returns:
        The folder with the finished site, ready to be served.

    Raises:
        Trouble: something in the partner's information is wrong (all of it is told), or cannot be written.
    """
    digests = seen or Seen()
    seen = seen or Seen(forgets=True)
    while True:
        now = inputs(root, partner, digests)
        folder = root / ".state" / aim.place / partner.partner / now.digest
        if folder.is_dir():
            return folder
        with _without_collector():
            content = _checked(root, partner, seen)
            # A file that was changed in between would be in a build named after what it held before.
            if inputs(root, partner, digests) == now:
                _make(root, content, now, seen, folder, aim)
                return folder


def clear_previews(root: Path, partner: Partner) -> None:
    """Remove what was built to be looked at."""
    shutil.rmtree(root / ".state" / PREVIEW.place / partner.partner, ignore_errors=True)


def examine(root: Path, partner: Partner) -> Checked:
    """What a partner provides, with all that is wrong in it."""
    return check(root / "stacks" / partner.partner, partner, today())


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hardly anything in a build refers to itself; to look for what does takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _checked(root: Path, partner: Partner, seen: Seen) -> Content:
    checked = check(root / "stacks" / partner.partner, partner, today(), seen)
    if checked.content is None:
        raise Trouble("\n".join(str(problem) for problem in checked.problems))
    return checked.content


def _make(root: Path, content: Content, now: Inputs, seen: Seen, folder: Path, aim: Aim) -> None:
    site = prepared(content, root / "site_templates/standard", now.day, root / ".state")
    made_from = keys(site, now.generator, seen)
    shelf = Shelf(root / ".state/shelves" / f"{aim.place}-{content.partner.partner}.json")
    with appearing(folder) as part:
        render_into(part, site, shelf.kept(made_from, aim.twins), aim.twins, seen)
        aim.finish(part)
    shelf.put(folder, made_from)
