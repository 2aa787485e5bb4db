"""What machines read of the standard site: feeds, a calendar, catalogues, records, linked data."""

from collections.abc import Iterator

from clearinghouse.site.feeds.atom import atom
from clearinghouse.site.feeds.calendar import calendars
from clearinghouse.site.feeds.context import Publication
from clearinghouse.site.feeds.dcat import dcat
from clearinghouse.site.feeds.oai import oai
from clearinghouse.site.feeds.records import records


def outputs(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """The files: each one's path below the site's root, without a slash at its beginning, and its bytes.

    The same publication always gives the same bytes in the same order. `sitemap.sitemap` makes sitemap.xml.
    """
    for make in (atom, calendars, dcat, oai, records):
        yield from make(publication)
