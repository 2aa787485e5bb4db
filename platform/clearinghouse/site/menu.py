"""The sections that a site has, and the menu that leads to them: what is empty is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from clearinghouse.site.content import Content, Entry
from clearinghouse.site.model.fields import Line
from clearinghouse.site.model.kinds import KINDS
from clearinghouse.site.model.page import Section

SECTIONS: tuple[str, ...] = get_args(Section)
_ALWAYS = frozenset(["home", "country", "contact", "legal", "privacy", "accessibility"])
"""What a site needs and the platform has words for where the partner gives none."""


def N_(message: str) -> str:  # noqa: N802  (the name that gettext's tools look for)
    """Marks a text for translation."""
    return message


DEFAULT: Sequence[tuple[str, tuple[str, ...]]] = (
    (N_("The country"), ("country", "biodiversity", "protected-areas")),
    (N_("Policy"), ("nbsap", "targets", "reports", "legislation")),
    (N_("Action"), ("projects", "funding", "science", "cooperation")),
    (N_("Protocols"), ("biosafety", "abs")),
    (N_("Knowledge"), ("library", "education", "links", "glossary")),
    (N_("Latest"), ("news", "events")),
    (N_("Contacts"), ("focal-points", "who", "about", "contact")),
)
"""The usual menu: headings, and the sections below each."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the menu.

    Attributes:
        title: an English text of the interface, or the partner's words by language.
        sections: what is below it.
    """

    title: "str | Line"
    sections: tuple[str, ...]


def introductions(content: Content) -> Mapping[str, Entry]:
    """The page that introduces each section: the one named after it."""
    return {entry.slug: entry for entry in content.of("pages") if entry.slug in SECTIONS}


def pages_below(content: Content, section: str) -> tuple[Entry, ...]:
    """The pages that lie in a section."""
    return tuple(entry for entry in content.pages_in.get(section, ()) if entry.slug not in SECTIONS)


def records_of(content: Content, section: str) -> Mapping[str, tuple[Entry, ...]]:
    """The records that a section shows, by the folder of their type; pages are not among them."""
    kinds = (kind for kind in KINDS.values() if kind.section == section and kind.folder != "pages")
    return {kind.folder: found for kind in kinds if (found := content.of(kind.folder))}


def sections(content: Content) -> tuple[str, ...]:
    """The sections that the site has, in their usual order."""
    introduced = introductions(content)
    return tuple(
        name
        for name in SECTIONS
        if name in _ALWAYS
        or name in introduced
        or records_of(content, name)
        or pages_below(content, name)
        or (name == "library" and any(entry.targets for entry in content.all))
    )


def menu(content: Content) -> tuple[Heading, ...]:
    """The menu: the partner's, or the usual one, without what is empty."""
    own = tuple(Heading(each.title, each.sections) for each in content.site.menu)
    there = set(sections(content))
    wanted = own or tuple(Heading(title, names) for title, names in DEFAULT)
    left = (Heading(each.title, tuple(name for name in each.sections if name in there)) for each in wanted)
    return tuple(each for each in left if each.sections)
