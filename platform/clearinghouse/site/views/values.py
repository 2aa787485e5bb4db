"""The values that templates show; base.html.j2 and parts.html.j2 describe them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from clearinghouse.site.facts import Fact
from clearinghouse.site.files import FileView
from clearinghouse.site.words import Words


@dataclass(frozen=True, slots=True)
class Prose:
    """A text as HTML."""

    html: Markup
    language: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture in all of its variants."""

    src: str
    width: int
    height: int
    sources: tuple[tuple[str, str], ...]
    alternative: Words
    credit: Words | None


@dataclass(frozen=True, slots=True)
class Link:
    """A title and where it leads."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its media type."""

    title: str
    href: str
    type: str


@dataclass(frozen=True, slots=True)
class Alternate:
    """A page in another language."""

    language: str
    href: str
    name: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A section in the menu."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class MenuHeading:
    """A heading of the menu."""

    title: str
    entries: tuple[MenuEntry, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Item:
    """What a list shows."""

    title: Words
    id: str | None = None
    href: str | None = None
    is_external: bool = False
    kind: str | None = None
    notes: tuple[Markup, ...] = ()
    status: str | None = None
    date: datetime.date | None = None
    until: datetime.date | None = None
    summary: Words | None = None
    body: Prose | None = None
    facts: tuple[Fact, ...] = ()
    files: tuple[FileView, ...] = ()
    languages: tuple[str, ...] = ()
    picture: PictureView | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart."""

    label: Words
    first: str
    second: str | None
    share: str
    part: str | None


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart that is also a table."""

    caption: str
    label: str
    first: str
    second: str | None
    rows: tuple[Bar, ...]
    source: Markup
    link: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a map."""

    title: Words
    href: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with what it shows; the places of a map in the order of their numbers."""

    svg: Markup
    caption: str
    source: Words | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Items below a heading."""

    title: str | None
    id: str | None
    items: tuple[Item, ...] = ()
    layout: str = "list"
    summary: Words | None = None
    bars: Bars | None = None
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to."""

    id: str
    role: str
    name: str
    title: Words | None = None
    organisation: Words | None = None
    address: Words | None = None
    city: Words | None = None
    country: str | None = None
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()
    websites: Sequence[str] = ()
    languages: Sequence[str] = ()
    areas: Words | None = None
    confirmed: datetime.date | None = None
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """People below a heading."""

    title: str | None
    id: str | None
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow a list down."""

    title: str
    href: str
    count: int | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The ways of one sort."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a long list."""

    number: int
    last: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class TargetView:
    """A global target."""

    number: int
    title: Markup
    href: str | None
    degree: str | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """What base.html.j2 shows of each page."""

    title: Words
    description: str | None
    path: str
    section: str | None
    trail: tuple[tuple[str, str | None], ...]
    alternates: tuple[Alternate, ...]
    written_in: str
    updated: datetime.date | None = None
    source: str | None = None
    is_fallback: bool = False
    is_outdated: bool = False
    original: Alternate | None = None
    is_indexed: bool = True
    feeds: tuple[Feed, ...] = ()
    data: Markup | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of use."""

    name: Words
    address: str | None


@dataclass(frozen=True, slots=True)
class Endorsed:
    """Who recognised the site."""

    by: Words
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class SiteView:
    """What base.html.j2 shows of the site."""

    country: Words
    slogan: Words | None
    institution: Words | None
    address: Words | None
    logo: PictureView | None
    licence: Licence | None
    contact: str | None
    endorsement: Endorsed | None
    is_example: bool
    url: str
    links: tuple[Link, ...] = ()
    feed: Link | None = None


@dataclass(frozen=True, slots=True)
class Assets:
    """The addresses of what all pages use."""

    css: str
    icons: str
    favicon: str
    search_js: str
    search_bundle: str = "/pagefind/pagefind.js"


@dataclass(frozen=True)
class View:
    """A page with what its own template shows; `values` by their names there."""

    template: str
    page: PageView
    values: dict[str, object] = field(default_factory=dict)
