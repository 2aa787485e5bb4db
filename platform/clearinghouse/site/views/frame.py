"""What surrounds every page of a language: the site, the menu, addresses, texts and pictures made ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from markupsafe import Markup, escape

from clearinghouse.declare.should import meant
from clearinghouse.site import markup
from clearinghouse.site.catalogue import own_name
from clearinghouse.site.content import Content, Entry
from clearinghouse.site.files import published
from clearinghouse.site.menu import introductions, menu, sections
from clearinghouse.site.model.page import Picture
from clearinghouse.site.pages import Spec
from clearinghouse.site.pictures import Variants
from clearinghouse.site.reader import Reader
from clearinghouse.site.views.values import (
    Alternate,
    Assets,
    Endorsed,
    Licence,
    Link,
    MenuEntry,
    MenuHeading,
    PictureView,
    Prose,
    SiteView,
)
from clearinghouse.site.words import Words, said

_FOOTER = ("contact", "legal", "privacy", "accessibility")


class BrokenLink(Exception):  # noqa: N818  (it becomes a sentence for people)
    """A text leads to a page or file that is not there.

    Args:
        target: where to, as it is written.
        file: the text's, as people see it.
        hint: what may be meant.
    """

    def __init__(self, target: str, file: Path = Path(), hint: str | None = None) -> None:
        super().__init__(target)
        self.target = target
        self.file = file
        self.hint = hint


@dataclass(frozen=True)
class Frame:
    """All that the pages of one language have in common.

    Attributes:
        content: what there is.
        language: the readers'.
        day: the day that the site is made for.
        address: where the site is, without a slash at its end.
        pictures: the variants of each picture in images/.
        assets: the addresses of what all pages use.
    """

    content: Content
    language: str
    day: date
    address: str
    pictures: Mapping[str, Variants]
    assets: Assets

    @cached_property
    def reader(self) -> Reader:
        """Who reads."""
        return Reader(self.content, self.language)

    def text(self, message: str) -> str:
        """A text of the interface."""
        return self.reader.speech.text(message)

    def section_name(self, section: str) -> str:
        """What a section is called."""
        return self.reader.label("section", section)

    @cached_property
    def introductions(self) -> Mapping[str, Entry]:
        """The page that introduces each section."""
        return introductions(self.content)

    @cached_property
    def sections(self) -> frozenset[str]:
        """The sections that there are."""
        return frozenset(sections(self.content))

    @cached_property
    def given_out(self) -> frozenset[str]:
        """The documents that readers get."""
        return frozenset(published(self.content))

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """Where the links of texts lead: `news/2026-journee`, `page:about`, `about`."""
        root = self.reader.root
        found = {name: f"{root}{name}/" for name in self.sections} | {"home": root}
        for entry in self.content.all:
            here = f"{root}{entry.path}"
            if entry.kind.folder == "pages":
                here = found.get(entry.slug, here)
                found[f"page:{entry.slug}"] = here
            found[f"{entry.kind.folder}/{entry.slug}"] = here
        return found

    def link(self, target: str) -> str:
        """The address that a link in a text leads to.

        Raises:
            BrokenLink: there is nothing.
        """
        if target in self.addresses:
            return self.addresses[target]
        if target.startswith("files/") and target.removeprefix("files/") in self.given_out:
            return f"/{target}"
        raise BrokenLink(target)

    def prose(self, text: Mapping[str, str], file_in: Callable[[str], Path], prefix: str = "") -> Prose:
        """A text as HTML, in the reader's language or the nearest.

        Args:
            text: what it says, by language.
            file_in: the file that says it in a language.
            prefix: comes before the ids of headings.

        Raises:
            BrokenLink: it leads to what is not there.
        """
        words, language = said(text, self.language, self.content.languages)
        try:
            made = markup.html(
                words,
                language=language,
                links=self.link,
                pictures=self._image,
                prefix=prefix,
                table=self.text("Table"),
            )
        except BrokenLink as broken:
            raise BrokenLink(broken.target, file_in(language), self._meant(broken.target)) from None
        return Prose(Markup(made), language)  # cleaned: site/markup.py

    def _meant(self, target: str) -> str | None:
        known = (*self.addresses, *(f"images/{name}" for name in self.pictures))
        return meant(target, (*known, *(f"files/{name}" for name in self.given_out)))

    def picture(self, picture: Picture) -> PictureView:
        """A picture of a record."""
        credit = self.reader.words(picture.credit) if picture.credit else None
        return self._picture(picture.file, self.reader.words(picture.alternative), credit)

    def thumbnail(self, picture: Picture) -> PictureView:
        """A picture for a list: its narrowest WebP, which every browser of the last years shows."""
        variants = self.pictures[picture.file]
        small = next((each for each in variants.files if each.type == "image/webp"), variants.fallback)
        alternative = self.reader.words(picture.alternative)
        return PictureView(f"/images/{small.name}", small.width, small.height, (), alternative, None)

    def _image(self, source: str, alternative: str) -> str:
        """A picture within a text."""
        name = source.removeprefix("images/")
        if name not in self.pictures:
            raise BrokenLink(source)
        view = self._picture(name, Words(alternative, self.language), None)
        size = f'width="{view.width}" height="{view.height}"'
        return f'<img src="{escape(view.src)}" {size} alt="{escape(alternative)}" loading="lazy">'

    def _picture(self, name: str, alternative: Words, credit: Words | None) -> PictureView:
        variants = self.pictures[name]
        by_type: dict[str, list[str]] = {}
        for each in variants.files[:-1]:
            by_type.setdefault(each.type, []).append(f"/images/{each.name} {each.width}w")
        sources = tuple((type_, ", ".join(files)) for type_, files in by_type.items())
        last = variants.fallback
        return PictureView(f"/images/{last.name}", last.width, last.height, sources, alternative, credit)

    @cached_property
    def site(self) -> SiteView:
        """The site as its templates have it."""
        facts, reader = self.content.site, self.reader
        endorsed, licence = facts.endorsement, facts.licence
        country = reader.words(self.content.country.name)
        return SiteView(
            country=country,
            slogan=reader.words(facts.slogan) if facts.slogan else None,
            institution=reader.words(facts.institution) if facts.institution else None,
            address=reader.words(facts.address) if facts.address else None,
            logo=self._picture(facts.logo, country, None) if facts.logo else None,
            licence=Licence(reader.words(licence.name), licence.address) if licence else None,
            contact=facts.contact,
            endorsement=Endorsed(reader.words(endorsed.by), endorsed.date) if endorsed else None,
            is_example=facts.example,
            url=self.address,
            links=tuple(Link(self.section_name(name), f"{reader.root}{name}/") for name in _FOOTER),
            feed=Link(self.text("News feed (Atom)"), f"{reader.root}atom.xml"),
        )

    def menu(self, current: str | None) -> tuple[MenuHeading, ...]:
        """The menu, the present section marked."""
        return tuple(self._heading(title, names, current) for title, names in self._menu)

    @cached_property
    def _menu(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (
                self.text(each.title) if isinstance(each.title, str) else self.reader.words(each.title).text,
                each.sections,
            )
            for each in menu(self.content)
        )

    def _heading(self, title: str, names: tuple[str, ...], current: str | None) -> MenuHeading:
        root = self.reader.root
        entries = tuple(
            MenuEntry(self.section_name(name), f"{root}{name}/", name == current) for name in names
        )
        return MenuHeading(title, entries, current in names)

    def alternates(self, spec: Spec) -> tuple[Alternate, ...]:
        """The page in every language of the site."""
        entry = spec.entry or self.introductions.get(spec.section or "")
        there = entry.languages if entry else self.content.languages
        path = "" if spec.template == "missing" else spec.path
        return tuple(
            Alternate(language, f"/{language}/{path}", own_name(language), language in there)
            for language in self.content.languages
        )
