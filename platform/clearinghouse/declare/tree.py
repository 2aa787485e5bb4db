"""What a YAML file says, as a tree whose nodes know their places."""

from collections.abc import Iterator
from dataclasses import dataclass

from clearinghouse.declare.problem import Key, Place
from clearinghouse.declare.scalars import Scalar


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the place where it starts."""

    place: Place
    value: "Scalar | tuple[Node, ...] | dict[str, Entry]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in a mapping, and the place of its key."""

    place: Place
    node: Node


def plain(node: Node) -> object:
    """The tree as plain Python data."""
    if isinstance(node.value, tuple):
        return [plain(item) for item in node.value]
    if isinstance(node.value, dict):
        return {key: plain(entry.node) for key, entry in node.value.items()}
    return node.value


def place_of(root: Node, key: Key, *, names_key: bool = False) -> Place:
    """Where a key's value starts (or the key itself); of what is not there, the nearest that is.

    Args:
        root: the top of the tree.
        key: the way to the value.
        names_key: ask for the place of the key instead of the value's.
    """
    way = list(_walk(root, key))
    if not way:
        return root.place
    place, node = way[-1]
    return place if names_key or len(way) < len(key) else node.place


def value_at(root: Node, key: Key) -> object:
    """The plain value at a key, None where there is none."""
    way = list(_walk(root, key))
    if len(way) < len(key):
        return None
    return plain(way[-1][1]) if way else plain(root)


def _walk(node: Node, key: Key) -> Iterator[tuple[Place, Node]]:
    """The nodes on the way to a key, as far as it goes; with each, the place of its key."""
    for part in key:
        if isinstance(node.value, dict) and part in node.value:
            entry = node.value[str(part)]
            place, node = entry.place, entry.node
        elif isinstance(node.value, tuple) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            place = node.place
        else:
            return
        yield place, node


def places(node: Node, key: Key = ()) -> Iterator[tuple[Place, Key]]:
    """Every place where a key or a value starts."""
    yield node.place, key
    if isinstance(node.value, tuple):
        for index, item in enumerate(node.value):
            yield from places(item, (*key, index))
    if isinstance(node.value, dict):
        for name, entry in node.value.items():
            yield entry.place, (*key, name)
            yield from places(entry.node, (*key, name))
