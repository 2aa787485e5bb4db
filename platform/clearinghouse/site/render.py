"""Renders a site: every page in every language, the assets, the pictures."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from clearinghouse.errors import Trouble
from clearinghouse.site.assets import assets as assets_of
from clearinghouse.site.compression import ENDINGS, twins
from clearinghouse.site.content import Content
from clearinghouse.site.crew import shared
from clearinghouse.site.feeds import outputs as feeds
from clearinghouse.site.feeds.sitemap import SitemapPage, sitemap
from clearinghouse.site.files import published
from clearinghouse.site.pictures import variants
from clearinghouse.site.renderer import Renderer, Site, file_of
from clearinghouse.site.seen import Seen
from clearinghouse.site.write import Kept, Output, writer

_PART = 50
"""Pages that a process makes before it asks for more: the last one to end is not far behind."""

Made = tuple[str, Output | str]
"""A file's path and what it holds; or a broken link: where, and the line that tells of it."""
Job = Callable[[Renderer], Iterator[Made]]


def render(content: Content, templates: Path, day: date, cache: Path) -> dict[str, Output]:
    """Render everything, in memory.

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
    site = prepared(content, templates, day, cache)
    renderer, made = Renderer(site), dict[str, Output]()
    jobs = _jobs(site, {}, ENDINGS, Seen(forgets=True))
    _tell(_sorted_out((each for job in jobs for each in job(renderer)), made.__setitem__))
    return made


def prepared(content: Content, templates: Path, day: date, cache: Path) -> Site:
    """All that rendering needs: the arguments of `render` with pictures and assets made ready."""
    pictures = {
        name: variants(content.folder / "images" / name, cache / "pictures") for name in _images(content)
    }
    assets = assets_of(content, templates)[0]
    return Site(content, templates, day, pictures, assets, cache / "templates")


def render_into(
    folder: Path,
    site: Site,
    kept: Mapping[str, Kept],
    endings: Sequence[str] = ENDINGS,
    seen: Seen | None = None,
) -> None:
    """Write everything as `render` gives it, but for pages that are kept from an earlier build.

    Processes write what they render: to hand it over would take longer than the writing.

    Args:
        folder: where to.
        site: all that rendering needs.
        kept: what is taken as it is, by path.
        endings: of the compressed twins that all text files get.
        seen: keeps what is written for machines.

    Raises:
        Trouble: as `render` does.
    """
    jobs = list(_jobs(site, kept, endings, seen or Seen(forgets=True)))

    def work(numbers: Iterator[int]) -> list[str]:
        renderer = Renderer(site)
        made = (each for number in numbers for each in jobs[number](renderer))
        return _sorted_out(made, writer(folder))

    _tell(line for lines in shared(work, len(jobs)) for line in lines)


def _images(content: Content) -> list[str]:
    folder = content.folder / "images"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _jobs(site: Site, kept: Mapping[str, Kept], endings: Sequence[str], seen: Seen) -> Iterator[Job]:
    """What is to be done, long things first."""
    wanted = [
        (language, number)
        for language in site.content.languages
        for number, spec in enumerate(site.specs)
        if file_of(language, spec) not in kept
    ]
    parts = [wanted[start : start + _PART] for start in range(0, len(wanted), _PART)]
    jobs: list[Job] = [partial(_for_machines, seen), *(partial(_pages, part) for part in parts), _few]
    for job in jobs:
        yield partial(_packed, job, endings) if endings else job
    yield partial(_there, kept)


def _pages(wanted: Sequence[tuple[str, int]], renderer: Renderer) -> Iterator[Made]:
    return renderer.pages(wanted)


def _for_machines(seen: Seen, renderer: Renderer) -> Iterator[Made]:
    yield from feeds(renderer.site.publication, seen)
    yield from sitemap(renderer.site.address, _listed(renderer.site))


def _few(renderer: Renderer) -> Iterator[Made]:
    """What a site has one of."""
    site = renderer.site
    yield from assets_of(site.content, site.templates)[1].items()
    yield "index.html", renderer.choice().encode()
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.address}/sitemap.xml\n".encode()


def _there(kept: Mapping[str, Kept], renderer: Renderer) -> Iterator[Made]:
    """What is a file already."""
    site = renderer.site
    yield from kept.items()
    yield from ((f"images/{file.name}", file.path) for each in site.pictures.values() for file in each.files)
    yield from ((f"files/{name}", site.content.folder / "files" / name) for name in published(site.content))


def _listed(site: Site) -> Iterator[SitemapPage]:
    """The pages for search engines, each in the languages that it is written in."""
    for spec in site.specs:
        if spec.template not in ("missing", "search"):
            there = (spec.entry.languages if spec.entry else ()) or site.content.languages
            paths = {language: f"{language}/{spec.path}" for language in there}
            yield SitemapPage(paths, spec.entry.record.updated if spec.entry else None)


def _packed(job: Job, endings: Sequence[str], renderer: Renderer) -> Iterator[Made]:
    """A job's files with their compressed twins."""
    for path, made in job(renderer):
        yield path, made
        if isinstance(made, bytes):
            yield from twins(path, made, endings)


def _sorted_out(files: Iterable[Made], take: Callable[[str, Output], None]) -> list[str]:
    """The lines that tell of broken links; the files are taken elsewhere."""
    broken = []
    for path, made in files:
        if isinstance(made, str):
            broken.append(made)
        else:
            take(path, made)
    return broken


def _tell(broken: Iterable[str]) -> None:
    if lines := sorted(set(broken)):
        raise Trouble("\n".join(lines))
