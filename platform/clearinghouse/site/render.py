"""Renders a site: every page in every language, the assets, the pictures; nothing is written here."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

from clearinghouse.errors import Trouble
from clearinghouse.site.assets import assets as assets_of
from clearinghouse.site.compression import twins
from clearinghouse.site.content import Content
from clearinghouse.site.feeds import outputs as feeds
from clearinghouse.site.feeds.sitemap import SitemapPage, sitemap
from clearinghouse.site.files import published
from clearinghouse.site.pictures import variants
from clearinghouse.site.renderer import Renderer, Site, file_of
from clearinghouse.site.write import Kept, Output

_WORTH_A_PROCESS = 200
"""Pages from which on a second process pays for its start."""
_PART = 50
"""Pages that a process makes before it asks for more: the last one to end is not far behind."""

Made = tuple[str, bytes | str]
"""A file's path and content; or a broken link: where, and the line that tells of it."""
Job = Callable[[Renderer], Iterator[Made]]


def render(content: Content, templates: Path, day: date, cache: Path) -> dict[str, Output]:
    """Render everything.

    Args:
        content: what there is.
        templates: the folder site_templates/standard.
        day: the day that the site is made for.
        cache: the folder of what was made before and may be used again: pictures, compiled templates.

    Returns:
        The content of each file by its path below the site's root, compressed twins among them.

    Raises:
        Trouble: a text leads to a page that is not there (all of them are told), or a picture is broken.
    """
    return outputs(prepared(content, templates, day, cache), {})


def prepared(content: Content, templates: Path, day: date, cache: Path) -> Site:
    """All that rendering needs: the arguments of `render` with pictures and assets made ready."""
    pictures = {
        name: variants(content.folder / "images" / name, cache / "pictures") for name in _images(content)
    }
    assets = assets_of(content, templates)[0]
    return Site(content, templates, day, pictures, assets, cache / "templates")


def outputs(site: Site, kept: Mapping[str, Kept], *, is_packed: bool = True) -> dict[str, Output]:
    """Everything as `render` gives it, but for pages that are kept from an earlier build.

    Args:
        site: all that rendering needs.
        kept: what is taken as it is, by path.
        is_packed: with the compressed twins of all text files.
    """
    content = site.content
    made: dict[str, Output] = dict(kept)
    jobs = [partial(_packed, job) if is_packed else job for job in _jobs(site, kept)]
    made |= _told(_done(site, jobs))
    made |= {f"images/{file.name}": file.path for each in site.pictures.values() for file in each.files}
    made |= {f"files/{name}": content.folder / "files" / name for name in published(content)}
    return made


def _images(content: Content) -> list[str]:
    folder = content.folder / "images"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _jobs(site: Site, kept: Mapping[str, Kept]) -> Iterator[Job]:
    """What is to be done, long things first."""
    yield _for_machines
    wanted = [
        (language, number)
        for language in site.content.languages
        for number, spec in enumerate(site.specs)
        if file_of(language, spec) not in kept
    ]
    for start in range(0, len(wanted), _PART):
        yield partial(_pages, wanted[start : start + _PART])
    yield _few


def _pages(wanted: Sequence[tuple[str, int]], renderer: Renderer) -> Iterator[Made]:
    return renderer.pages(wanted)


def _for_machines(renderer: Renderer) -> Iterator[Made]:
    yield from feeds(renderer.site.publication)
    yield from sitemap(renderer.site.address, _listed(renderer.site))


def _few(renderer: Renderer) -> Iterator[Made]:
    """What a site has one of."""
    site = renderer.site
    yield from assets_of(site.content, site.templates)[1].items()
    yield "index.html", renderer.choice().encode()
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.address}/sitemap.xml\n".encode()


def _listed(site: Site) -> Iterator[SitemapPage]:
    """The pages for search engines, each in the languages that it is written in."""
    for spec in site.specs:
        if spec.template not in ("missing", "search"):
            there = (spec.entry.languages if spec.entry else ()) or site.content.languages
            paths = {language: f"{language}/{spec.path}" for language in there}
            yield SitemapPage(paths, spec.entry.record.updated if spec.entry else None)


def _done(site: Site, jobs: Sequence[Job]) -> Iterator[Made]:
    """The jobs; on all processors where there are many, unless threads run that a fork would not survive."""
    workers = os.cpu_count() or 1
    if len(jobs) * _PART < _WORTH_A_PROCESS or workers == 1 or threading.active_count() > 1:
        renderer = Renderer(site)
        for job in jobs:
            yield from job(renderer)
        return
    context = multiprocessing.get_context("fork")
    gc.freeze()  # Else the first collection in a worker copies all of the memory that it shares.
    try:
        with ProcessPoolExecutor(workers, context, _begin, (site,)) as pool:
            for part in pool.map(_do, jobs):
                yield from part
    finally:
        gc.unfreeze()


_renderer: list[Renderer] = []
"""Of a worker process: made once, from what its fork has inherited."""


def _begin(site: Site) -> None:
    _renderer.append(Renderer(site))


def _do(job: Job) -> list[Made]:
    return list(job(_renderer[0]))


def _packed(job: Job, renderer: Renderer) -> Iterator[Made]:
    """A job's files with their compressed twins."""
    for path, made in job(renderer):
        yield path, made
        if isinstance(made, bytes):
            yield from twins(path, made)


def _told(files: Iterable[Made]) -> Iterator[tuple[str, bytes]]:
    """The files, if no link is broken; else all that are."""
    broken = set()
    for path, made in files:
        if isinstance(made, str):
            broken.add(made)
        else:
            yield path, made
    if broken:
        raise Trouble("\n".join(sorted(broken)))
