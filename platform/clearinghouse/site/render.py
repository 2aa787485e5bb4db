"""Renders a site: every page in every language, the assets, the pictures; nothing is written here."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from clearinghouse.errors import Trouble
from clearinghouse.site.assets import assets as assets_of
from clearinghouse.site.content import Content
from clearinghouse.site.feeds import outputs as feeds
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.feeds.linked_data import linked_data
from clearinghouse.site.feeds.sitemap import SitemapPage, sitemap
from clearinghouse.site.files import published
from clearinghouse.site.pages import Spec, specs
from clearinghouse.site.pictures import Variants, variants
from clearinghouse.site.views.entry import entry, nothing
from clearinghouse.site.views.frame import BrokenLink, Frame
from clearinghouse.site.views.home import home
from clearinghouse.site.views.library import library
from clearinghouse.site.views.page import page
from clearinghouse.site.views.section import focal_points, section, who
from clearinghouse.site.views.sitemap import sitemap as all_pages
from clearinghouse.site.views.values import Assets
from clearinghouse.site.words import direction
from clearinghouse.site.write import Output

_VIEWS: Mapping[str, Callable[[Frame, Spec], dict[str, Any]]] = {
    "home": home,
    "section": section,
    "people": lambda frame, spec: who(frame, spec) if spec.section == "who" else focal_points(frame, spec),
    "library": library,
    "entry": entry,
    "sitemap": all_pages,
    "search": nothing,
    "missing": nothing,
}
_WORTH_A_PROCESS = 200
"""Pages from which on a second process pays for its start."""


@dataclass(frozen=True)
class Site:
    """All that rendering needs.

    Attributes:
        content: what there is.
        templates: the folder site_templates/standard.
        day: the day that the site is made for.
        pictures: the variants of each picture.
        assets: the addresses of what all pages use.
    """

    content: Content
    templates: Path
    day: date
    pictures: Mapping[str, Variants]
    assets: Assets

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"https://{self.content.partner.canonical}"

    def frame(self, language: str) -> Frame:
        """What the pages of a language have in common."""
        return Frame(self.content, language, self.day, self.address, self.pictures, self.assets)

    @cached_property
    def publication(self) -> Publication:
        """The site as feeds have it."""
        frames = [self.frame(language) for language in self.content.languages]
        names = {
            frame.language: {name: frame.section_name(name) for name in sorted(frame.sections)}
            for frame in frames
        }
        return Publication(self.content, self.address, self.day, names)

    @cached_property
    def specs(self) -> tuple[Spec, ...]:
        """The pages of each language."""
        return specs(self.content)


def render(content: Content, templates: Path, day: date, cache: Path) -> dict[str, Output]:
    """Render everything.

    Args:
        content: what there is.
        templates: the folder site_templates/standard.
        day: the day that the site is made for.
        cache: the folder of pictures made before.

    Returns:
        The content of each file by its path below the site's root.

    Raises:
        Trouble: a text leads to a page that is not there (all of them are told), or a picture is broken.
    """
    pictures = {name: variants(content.folder / "images" / name, cache) for name in _images(content)}
    assets, files = assets_of(content, templates)
    site = Site(content, templates, day, pictures, assets)
    made: dict[str, Output] = dict(files)
    made |= _pages(site)
    made |= feeds(site.publication)
    made |= sitemap(site.address, _listed(site))
    made |= {"index.html": Renderer(site).choice().encode(), "robots.txt": _robots(site)}
    made |= {f"images/{file.name}": file.path for each in pictures.values() for file in each.files}
    made |= {f"files/{name}": content.folder / "files" / name for name in published(content)}
    return made


def _images(content: Content) -> list[str]:
    folder = content.folder / "images"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _listed(site: Site) -> Iterator[SitemapPage]:
    """The pages for search engines, each in the languages that it is written in."""
    for spec in site.specs:
        if spec.template not in ("missing", "search"):
            there = (spec.entry.languages if spec.entry else ()) or site.content.languages
            paths = {language: f"{language}/{spec.path}" for language in there}
            yield SitemapPage(paths, spec.entry.record.updated if spec.entry else None)


def _robots(site: Site) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {site.address}/sitemap.xml\n".encode()


def _pages(site: Site) -> dict[str, bytes]:
    """All pages; on all processors where there are many, unless threads run that a fork would not survive."""
    wanted = [(language, number) for language in site.content.languages for number in range(len(site.specs))]
    workers = os.cpu_count() or 1
    if len(wanted) < _WORTH_A_PROCESS or workers == 1 or threading.active_count() > 1:
        return dict(_told(Renderer(site).pages(wanted)))
    size = -(-len(wanted) // workers)
    parts = [wanted[start : start + size] for start in range(0, len(wanted), size)]
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, _begin, (site,)) as pool:
        return dict(_told(each for part in pool.map(_part, parts) for each in part))


_renderer: list["Renderer"] = []
"""Of a worker process: made once, from what its fork has inherited."""


def _begin(site: Site) -> None:
    _renderer.append(Renderer(site))


def _part(wanted: Sequence[tuple[str, int]]) -> list[tuple[str, bytes | str]]:
    return list(_renderer[0].pages(wanted))


def _told(pages: Iterable[tuple[str, bytes | str]]) -> Iterator[tuple[str, bytes]]:
    """The pages, if no link is broken; else all that are."""
    broken = set()
    for path, made in pages:
        if isinstance(made, str):
            broken.add(made)
        else:
            yield path, made
    if broken:
        raise Trouble("\n".join(sorted(broken)))


class Renderer:
    """Renders pages, one Jinja environment a language.

    Args:
        site: all that it needs.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._languages: dict[str, tuple[Frame, Environment]] = {}

    def pages(self, wanted: Iterable[tuple[str, int]]) -> Iterator[tuple[str, bytes | str]]:
        """Pages by their path; in place of one with a broken link, the line that tells of it."""
        for language, number in wanted:
            spec = self._site.specs[number]
            path = spec.path if spec.path.endswith(".html") else f"{spec.path}index.html"
            try:
                yield f"{language}/{path}", self._page(language, spec).encode()
            except BrokenLink as link:
                yield path, self._line(spec, link)

    def _line(self, spec: Spec, link: BrokenLink) -> str:
        entry = spec.entry or self._site.frame(self._site.content.main).introductions.get(spec.section or "")
        where = entry.source if entry else f"the section {spec.section}"
        return f'{where}: a link or picture should lead to what is there, is "{link.target}"'

    def _page(self, language: str, spec: Spec) -> str:
        frame, environment = self._language(language)
        shown = replace(page(frame, spec), data=self._data(language, spec))
        view = SimpleNamespace(**_VIEWS[spec.template](frame, spec))
        template: Template = environment.get_template(f"{spec.template}.html.j2")
        return template.render(page=shown, view=view, menu=frame.menu(spec.section))

    def choice(self) -> str:
        """The page at the site's root, where readers choose their language."""
        frame, environment = self._language(self._site.content.main)
        choices = frame.alternates(Spec("", "home", "home"))
        return environment.get_template("languages.html.j2").render(choices=choices)

    def _data(self, language: str, spec: Spec) -> Markup | None:
        """What the page is about, for machines (schema.org)."""
        if spec.entry is None and spec.section != "home":
            return None
        return Markup(linked_data(self._site.publication, spec.entry, language))  # safe: feeds/linked_data.py

    def _language(self, language: str) -> tuple[Frame, Environment]:
        if language not in self._languages:
            frame = self._site.frame(language)
            self._languages[language] = (frame, _environment(self._site, frame))
        return self._languages[language]


def _environment(site: Site, frame: Frame) -> Environment:
    reader = frame.reader
    environment = Environment(
        loader=FileSystemLoader(site.templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    speech = reader.speech
    environment.install_gettext_callables(speech.text, speech.texts, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "say": reader.say,
        "day": reader.day,
        "number": reader.number,
        "size": speech.size,
        "host": lambda address: urlsplit(address).hostname or address,
    }
    environment.globals |= {
        "language": frame.language,
        "direction": reader.direction,
        "root": reader.root,
        "assets": frame.assets,
        "site": frame.site,
        "direction_of": direction,
        "language_name": speech.language_name,
    }
    return environment
