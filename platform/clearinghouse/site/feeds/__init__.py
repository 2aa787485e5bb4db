"""What machines read of the standard site: feeds, a calendar, catalogues, records, linked data."""

from collections.abc import Iterator

from clearinghouse.site.feeds.atom import atom
from clearinghouse.site.feeds.calendar import calendars
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.feeds.dcat import dcat
from clearinghouse.site.feeds.oai import oai
from clearinghouse.site.feeds.records import records
from clearinghouse.site.seen import Seen


def outputs(publication: Publication, seen: Seen | None = None) -> Iterator[tuple[str, bytes]]:
    """The files: each one's path below the site's root, without a slash at its beginning, and its bytes.

    The same publication always gives the same bytes in the same order. `sitemap.sitemap` makes sitemap.xml.

    Args:
        publication: what they are made from.
        seen: keeps what was made of each record.
    """
    for make in (atom, calendars, dcat, oai):
        yield from make(publication)
    yield from records(publication, seen or Seen(forgets=True))
