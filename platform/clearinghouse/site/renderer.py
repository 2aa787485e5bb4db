"""Renders the pages of a site one by one: a view's values, set into its template."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    Template,
)
from markupsafe import Markup

from clearinghouse.declare.problem import Problem
from clearinghouse.declare.wording import sentence, shown
from clearinghouse.site.catalogue import Speech
from clearinghouse.site.content import Content
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.feeds.linked_data import linked_data
from clearinghouse.site.pages import Spec, specs
from clearinghouse.site.pictures import Variants
from clearinghouse.site.views.entry import entry, nothing
from clearinghouse.site.views.frame import BrokenLink, Frame
from clearinghouse.site.views.home import home
from clearinghouse.site.views.library import library
from clearinghouse.site.views.page import page
from clearinghouse.site.views.section import focal_points, section, who
from clearinghouse.site.views.sitemap import sitemap as all_pages
from clearinghouse.site.views.values import Assets, MenuHeading
from clearinghouse.site.words import direction

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


@dataclass(frozen=True)
class Site:
    """All that rendering needs.

    Attributes:
        content: what there is.
        templates: the folder site_templates/standard.
        day: the day that the site is made for.
        pictures: the variants of each picture.
        assets: the addresses of what all pages use.
        compiled: the folder of templates that are made into Python.
    """

    content: Content
    templates: Path
    day: date
    pictures: Mapping[str, Variants]
    assets: Assets
    compiled: Path

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
        return Publication(self.content, self.address, self.day, names, self.pictures)

    @cached_property
    def specs(self) -> tuple[Spec, ...]:
        """The pages of each language."""
        return specs(self.content)


def file_of(language: str, spec: Spec) -> str:
    """The file of a page below the site's root: `fr/news/index.html`."""
    path = f"{language}/{spec.path}"
    return path if path.endswith(".html") else f"{path}index.html"


class Renderer:
    """Renders pages, one Jinja environment a language.

    Args:
        site: all that it needs.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._languages: dict[str, tuple[Frame, Environment]] = {}
        self._menus: dict[tuple[str, str | None], tuple[tuple[MenuHeading, ...], Markup]] = {}

    def pages(self, wanted: Iterable[tuple[str, int]]) -> Iterator[tuple[str, bytes | str]]:
        """Pages by their path; in place of one with a broken link, the line that tells of it."""
        for language, number in wanted:
            spec = self.site.specs[number]
            path = file_of(language, spec)
            try:
                yield path, self._page(language, spec).encode()
            except BrokenLink as link:
                yield path, str(self._problem(link))

    def _problem(self, link: BrokenLink) -> Problem:
        """A broken link at its place in the file."""
        file = self.site.content.folder / link.file.relative_to(Path("stacks", self.site.content.folder.name))
        before, found, _ = file.read_text().partition(link.target)
        line, column = (before.count("\n") + 1, len(before) - before.rfind("\n")) if found else (1, 1)
        message = sentence("a page, file or picture that is there", shown(link.target), link.hint)
        return Problem(link.file, line, column, "link", message)

    def _page(self, language: str, spec: Spec) -> str:
        frame, environment = self._language(language)
        shown = replace(page(frame, spec), data=self._data(language, spec))
        view = SimpleNamespace(**_VIEWS[spec.template](frame, spec))
        template: Template = environment.get_template(f"{spec.template}.html.j2")
        menu, navigation = self._menu(language, spec.section)
        return template.render(page=shown, view=view, menu=menu, navigation=navigation)

    def _menu(self, language: str, section: str | None) -> tuple[tuple[MenuHeading, ...], Markup]:
        """The menu and its HTML: the same for all pages of a section, and so made once."""
        key = (language, section)
        if key not in self._menus:
            frame, environment = self._language(language)
            headings = frame.menu(section)
            made = environment.get_template("menu.html.j2").render(menu=headings)
            self._menus[key] = (headings, Markup(made))  # safe: made by a template of ours
        return self._menus[key]

    def choice(self) -> str:
        """The page at the site's root, where readers choose their language."""
        frame, environment = self._language(self.site.content.main)
        choices = frame.alternates(Spec("", "home", "home"))
        return environment.get_template("languages.html.j2").render(choices=choices)

    def _data(self, language: str, spec: Spec) -> Markup | None:
        """What the page is about, for machines (schema.org)."""
        if spec.entry is None and spec.section != "home":
            return None
        return Markup(linked_data(self.site.publication, spec.entry, language))  # safe: feeds/linked_data.py

    def _language(self, language: str) -> tuple[Frame, Environment]:
        if language not in self._languages:
            frame = self.site.frame(language)
            environment = _environment(self.site, frame)
            footer = environment.get_template("footer.html.j2").render()
            environment.globals["footer"] = Markup(footer)  # safe: made by a template of ours
            self._languages[language] = (frame, environment)
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
        bytecode_cache=_bytecode(site.compiled / frame.language),
    )
    speech = reader.speech
    environment.install_gettext_callables(speech.text, speech.texts, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = _translator(speech)
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


def _bytecode(folder: Path) -> BytecodeCache:
    """By language: Jinja works out at once what does not change from page to page."""
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def _translator(speech: Speech) -> Callable[..., Markup]:
    """What templates call `_`: Jinja's own looks up every text anew on every page."""

    @cache
    def constant(message: str) -> Markup:
        return Markup(speech.text(message)) % {}  # safe: a text of the interface

    def translated(message: str, **values: object) -> Markup:
        return Markup(speech.text(message)) % values if values else constant(message)  # values are escaped

    return translated
