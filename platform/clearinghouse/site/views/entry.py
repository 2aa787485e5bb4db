"""A record on a page of its own, and what is related to it."""

from dataclasses import replace
from typing import Any

from clearinghouse.site.content import Entry
from clearinghouse.site.pages import Spec
from clearinghouse.site.views.frame import Frame
from clearinghouse.site.views.items import body, item, own_facts
from clearinghouse.site.views.section import whole
from clearinghouse.site.views.values import Group, TargetView
from clearinghouse.site.vocabulary import targets

_RELATED = 4
"""Records of each type that are shown as related."""


def entry(frame: Frame, spec: Spec) -> dict[str, Any]:
    """What entry.html.j2 shows."""
    shown = spec.entry
    if shown is None:
        raise ValueError("a page of a record without a record")
    picture = shown.record.get("picture")
    item_ = replace(item(frame, shown), body=body(frame, shown), facts=own_facts(frame, shown))
    return {
        "item": item_,
        "picture": frame.picture(picture) if picture else None,
        "link": shown.record.get("link"),
        "charts": (),
        "targets": tuple(_target(frame, shown, number) for number in shown.targets),
        "groups": _related(frame, shown),
    }


def _target(frame: Frame, shown: Entry, number: int) -> TargetView:
    degrees = {each.target: each.degree for each in (shown.record.get("alignment") or ())}
    degree = degrees.get(number)
    return TargetView(
        number,
        frame.reader.say(frame.reader.words(targets()[number].title)),
        f"{frame.reader.root}library/target/{number}/",
        frame.reader.label("Alignment.degree", degree) if degree else None,
    )


def _related(frame: Frame, shown: Entry) -> tuple[Group, ...]:
    """Other records that serve the same targets, those first that share most of them."""
    own = set(shown.targets)
    if not own:
        return ()
    shared = [
        (len(own & set(other.targets)), other)
        for other in frame.content.all
        if other is not shown and own & set(other.targets)
    ]
    by_folder: dict[str, tuple[Entry, ...]] = {}
    for _, other in sorted(shared, key=lambda each: (-each[0], each[1].path)):
        found = by_folder.get(other.kind.folder, ())
        if len(found) < _RELATED:
            by_folder[other.kind.folder] = (*found, other)
    return whole(frame, by_folder)


def nothing(_: Frame, __: Spec) -> dict[str, Any]:
    """What templates show that need no more than the frame."""
    return {}
