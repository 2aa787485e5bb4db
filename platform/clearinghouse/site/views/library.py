"""The library: a long list with filters that are links."""

from collections.abc import Iterator
from typing import Any

from clearinghouse.site.pages import Filter, Spec, filters, selected
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.views.items import items
from clearinghouse.site.views.page import filter_name
from clearinghouse.site.views.section import introduction, subscribe
from clearinghouse.site.views.values import Choice, Choices, Pager


def library(frame: Frame, spec: Spec) -> dict[str, Any]:
    """What library.html.j2 shows."""
    found = selected(frame.content, spec.filter)
    own = introduction(frame, "library") if spec.filter is None else {"summary": None, "introduction": None}
    return {
        "summary": own["summary"],
        "introduction": own["introduction"],
        "filters": tuple(_filters(frame, spec.filter)),
        "chosen": filter_name(frame, spec.filter) if spec.filter else None,
        "all": f"{frame.reader.root}library/",
        "total": len(found),
        "items": items(frame, found),
        "pager": Pager(1, 1, None, None),
        "subscribe": subscribe(frame, "library"),
    }


def _filters(frame: Frame, chosen: Filter | None) -> Iterator[Choices]:
    titles = {
        "type": frame.text("Type"),
        "language": frame.text("Language"),
        "target": frame.text("Global target"),
    }
    for by, title in titles.items():
        choices = tuple(_choice(frame, each, chosen) for each in filters(frame.content) if each.by == by)
        if choices:
            yield Choices(title, choices)


def _choice(frame: Frame, by: Filter, chosen: Filter | None) -> Choice:
    href = f"{frame.reader.root}library/{by.path}"
    return Choice(filter_name(frame, by), href, len(selected(frame.content, by)), by == chosen)
