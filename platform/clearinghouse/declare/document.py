"""YAML text as a tree of nodes that know their places: plain data only, nothing that surprises.

Read from PyYAML's events, so that no YAML rule ever turns a word into something else, and so that
every finding has a place.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from clearinghouse.declare.characters import INVISIBLE, named
from clearinghouse.declare.problem import Finding, Key, Place
from clearinghouse.declare.scalars import Scalar, ambiguity, resolved
from clearinghouse.declare.tree import Entry, Node, places

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
TOP = Place(1, 1)

# One search a file: a line's end is the one such character that belongs there.
_UNSEEN = re.compile(INVISIBLE.pattern.replace(r"\x00-\x1f", r"\x00-\x09\x0b-\x1f"))
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HINTS = {
    "mapping values are not allowed": "put text that holds a colon and a space in quotes",
    "while scanning an alias": "put text that begins with * in quotes",
    "while scanning an anchor": "put text that begins with & in quotes",
    "cannot start any token": "put text that begins with @, %, ` or the like in quotes",
    "expected node content": "put text that begins with a colon or a comma in quotes",
    "unexpected end of stream": "is a closing quote missing?",
    "expected ',' or": "is a closing bracket missing?",
    "could not find expected ':'": "is a colon missing?",
    "expected <block end>": "is a line indented too far or too little?",
    "did not find expected key": "is a line indented too far or too little?",
    "did not find expected '-'": "is a line indented too far or too little?",
}


@dataclass(frozen=True, slots=True)
class Document:
    """What was read: the tree as far as there is one, and what is wrong with the text.

    `broken` names the keys whose values cannot be trusted, because a finding is about them.
    """

    root: Node | None
    findings: tuple[Finding, ...]
    broken: frozenset[Key]


@dataclass
class _Reading:
    """What comes up while reading."""

    findings: list[Finding] = field(default_factory=list)
    broken: set[Key] = field(default_factory=set)

    def refuse(self, key: Key, place: Place, should: str, found: str, hint: str | None = None) -> None:
        self.findings.append(Finding(key, should, found, hint, place=place))

    def breaks(self, key: Key, place: Place, should: str, found: str, hint: str | None = None) -> None:
        self.refuse(key, place, should, found, hint)
        self.broken.add(key)


class _TooDeep(Exception):  # noqa: N818  (never leaves this module)
    """Stops the reading: the parser's time grows with the square of the depth."""


def parse(raw: bytes) -> Document:
    """Read the bytes of a file.

    Returns:
        The tree and what is wrong; `root` is None where nothing can be read. Never raises for
        anything that the bytes may hold.
    """
    if len(raw) > MAX_BYTES:
        return _refused("a file of at most 64 KiB", "larger")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refused(
            "UTF-8 text", f"0x{raw[error.start]:02X} here", place=_place_of_byte(raw, error.start)
        )
    unseen, text = _made_visible(text)
    document = _tree(text)
    if not unseen:
        return document
    return _with_unseen(document, unseen)


def _refused(should: str, found: str, place: Place = TOP) -> Document:
    return Document(None, (Finding((), should, found, place=place),), frozenset())


def _place_of_byte(raw: bytes, offset: int) -> Place:
    before = raw[:offset]
    start = before.rfind(b"\n") + 1
    return Place(before.count(b"\n") + 1, len(before[start:].decode("utf-8", "replace")) + 1)


def _made_visible(text: str) -> tuple[list[tuple[Place, str]], str]:
    """Take out what cannot be seen, keeping every other character at its place."""
    text = text.replace("\r\n", "\n")
    if not _UNSEEN.search(text):
        return [], text
    lines = enumerate(text.split("\n"), 1)
    found = ((number, INVISIBLE.search(line)) for number, line in lines)
    unseen = [(Place(number, each.start() + 1), each[0]) for number, each in found if each]
    return unseen, _UNSEEN.sub(" ", text)


def _with_unseen(document: Document, unseen: list[tuple[Place, str]]) -> Document:
    owners = dict(places(document.root)) if document.root else {}
    starts = sorted(owners)
    findings, broken = [], set()
    for place, character in unseen:
        before = bisect_right(starts, place)
        key = owners[starts[before - 1]] if before else ()
        broken.add(key) if key else None
        found = named(character)
        hint = "use spaces" if character == "\t" else None
        findings.append(Finding(key, "made of characters that can be seen", found, hint, place=place))
    follows = document.findings if document.root else ()
    return Document(document.root, (*findings, *follows), document.broken | broken)


def _tree(text: str) -> Document:
    reading = _Reading()
    try:
        root = _root(yaml.parse(text, Loader=_LOADER), reading)
    except _TooDeep:
        root = None
    except yaml.YAMLError as error:
        reading.findings.append(_syntax(error, text))
        root = None
    return Document(root, tuple(reading.findings), frozenset(reading.broken))


def _syntax(error: yaml.YAMLError, text: str) -> Finding:
    said = ", ".join(part for name in ("context", "problem") if (part := getattr(error, name, None)))
    hint = next((hint for sign, hint in _HINTS.items() if sign in said), None)
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    mark = next(filter(None, reversed(marks) if "closing" in (hint or "") else marks), None)
    place = _within(text, Place(mark.line + 1, mark.column + 1)) if mark else TOP
    return Finding((), "YAML", f"broken: {said}", hint, place=place)


def _within(text: str, place: Place) -> Place:
    """The place itself, or the end of the last line: the parser may point behind the end."""
    lines = text.splitlines() or [""]
    return place if place.line <= len(lines) else Place(len(lines), len(lines[-1]) + 1)


def _root(events: Iterator[yaml.Event], reading: _Reading) -> Node | None:
    root = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root:
                reading.refuse((), _place(event), "one document", "a second one from here on")
                break
            root = _node(next(events), events, reading, ())
    if root is None or root.value is None:
        reading.refuse((), TOP, "a declaration", "empty")
        return None
    if not isinstance(root.value, dict):
        reading.refuse((), root.place, "keys with values", _kind(root))
        return None
    return root


def _kind(node: Node) -> str:
    if isinstance(node.value, tuple):
        return "a list"
    return "keys with values" if isinstance(node.value, dict) else "a single value"


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else TOP


def _node(event: yaml.Event, events: Iterator[yaml.Event], reading: _Reading, key: Key) -> Node:
    place = _place(event)
    if isinstance(event, yaml.NodeEvent):
        _refuse_marks(event, place, reading, key)
    if isinstance(event, yaml.AliasEvent):
        reading.breaks(
            key, place, "written out", f"*{event.anchor}, an alias", "YAML aliases are not used here"
        )
        return Node(place, None)
    if isinstance(event, yaml.ScalarEvent):
        return Node(place, _scalar(event, place, reading, key))
    if len(key) >= MAX_DEPTH:
        reading.refuse(key[:3], place, f"at most {MAX_DEPTH} levels deep", "deeper")
        raise _TooDeep
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(place, _items(events, reading, key))
    return Node(place, _entries(events, reading, key))


def _refuse_marks(event: yaml.NodeEvent, place: Place, reading: _Reading, key: Key) -> None:
    if tag := getattr(event, "tag", None):
        tag = tag.replace("tag:yaml.org,2002:", "!!")
        reading.breaks(key, place, "without a tag", f"tagged {tag}", "YAML tags are not used here")
    if event.anchor and not isinstance(event, yaml.AliasEvent):
        found = f"anchored as &{event.anchor}"
        reading.refuse(key, place, "without an anchor", found, "YAML anchors are not used here")


def _scalar(event: yaml.ScalarEvent, place: Place, reading: _Reading, key: Key) -> Scalar:
    text = event.value
    if event.style == '"' and (unseen := INVISIBLE.search(text.replace("\n", " "))):
        reading.breaks(key, place, "made of characters that can be seen", named(unseen[0]))
        return None
    if not event.implicit[0] or event.style:
        return str(text)
    if advice := ambiguity(text):
        reading.breaks(key, place, advice.should, text[:60], f"did you mean {advice.meant}?")
        return None
    return resolved(text)


def _items(events: Iterator[yaml.Event], reading: _Reading, key: Key) -> tuple[Node, ...]:
    items: list[Node] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_node(event, events, reading, (*key, len(items))))
    return tuple(items)


def _entries(events: Iterator[yaml.Event], reading: _Reading, key: Key) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        name = _name(event, events, reading, key)
        place = _place(event)
        if name is None:
            _node(next(events), events, _Reading(), (*key, "?"))
        elif name in entries:
            _node(next(events), events, _Reading(), (*key, name))
            first = f"given again (first in line {entries[name].place.line})"
            reading.refuse((*key, name), place, "given once", first)
        else:
            entries[name] = Entry(place, _node(next(events), events, reading, (*key, name)))
    return entries


def _name(event: yaml.Event, events: Iterator[yaml.Event], reading: _Reading, key: Key) -> str | None:
    """A key's name, or None after saying why it cannot be one."""
    place = _place(event)
    if not isinstance(event, yaml.ScalarEvent):
        node = _node(event, events, reading, (*key, "?"))
        reading.refuse((*key, "?"), place, "a word as key", _kind(node))
        return None
    if event.value == "<<" and not event.style:
        reading.refuse((*key, "<<"), place, "written out", "a merge key", "YAML merge keys are not used here")
        return None
    _refuse_marks(event, place, reading, (*key, event.value))
    _scalar(event, place, reading, (*key, event.value))
    is_unseen = event.style == '"' and (*key, event.value) in reading.broken
    return None if is_unseen else str(event.value)
