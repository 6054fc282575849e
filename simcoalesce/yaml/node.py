"""Nodes: what a YAML text says, with the position of every key and value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

Scalar: TypeAlias = str | int | float | bool | None

Step: TypeAlias = str | int
"""One step into a document: a key of a mapping, or an index of a sequence."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A text that holds a part of a scenario: a file, or a change on the command line.

    Attributes:
        name: How the user named it.
        lines: Its lines; none for a change on the command line.
        rank: Of two values, the one whose source has the higher rank wins.
        change: What changes a scenario: ``variant per-key``, ``-s``; empty for a file.
    """

    name: str
    lines: tuple[str, ...] = ()
    rank: int = 0
    change: str = ""


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """Where something is written: line and column from 1, and how wide it is there.

    Line 0 means the source as a whole.
    """

    source: Source
    line: int = 0
    column: int = 0
    width: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class ScalarNode:
    """One value."""

    value: Scalar
    position: SourcePosition


@dataclass(frozen=True, slots=True, eq=False)
class SequenceNode:
    """A list of values."""

    items: tuple["Node", ...]
    position: SourcePosition


class MappingEntry(NamedTuple):
    """A value of a mapping, and the position of its key."""

    key: SourcePosition
    value: "Node"


@dataclass(frozen=True, slots=True, eq=False)
class MappingNode:
    """Values by their keys."""

    entries: Mapping[str, MappingEntry]
    position: SourcePosition

    def get(self, key: str) -> "Node | None":
        """Return the value of a key; None without it."""
        entry = self.entries.get(key)
        return entry.value if entry else None

    def with_entry(self, key: str, entry: MappingEntry) -> "MappingNode":
        """Return the mapping with another value for a key."""
        return replace(self, entries={**self.entries, key: entry})

    def without(self, keys: Iterable[str]) -> "MappingNode":
        """Return the mapping without some keys."""
        return self.only(self.entries.keys() - frozenset(keys))

    def only(self, keys: Iterable[str]) -> "MappingNode":
        """Return the mapping with no other keys than these."""
        wanted = frozenset(keys)
        kept = {key: e for key, e in self.entries.items() if key in wanted}
        return replace(self, entries=kept)


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode
"""A value, a sequence or a mapping."""

N = TypeVar("N", bound=Node)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes that a node holds itself, in order."""
    if isinstance(node, MappingNode):
        return tuple(entry.value for entry in node.entries.values())
    return node.items if isinstance(node, SequenceNode) else ()


def count(node: Node) -> int:
    """Return how many nodes a node holds, itself included."""
    return 1 + sum(map(count, children(node)))


def plain(node: Node) -> Any:
    """Return the values of a node without their positions."""
    if isinstance(node, MappingNode):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return node.value


def rewritten(
    node: N,
    position_of: Callable[[SourcePosition], SourcePosition] = lambda old: old,
    value_of: Callable[[Scalar, str], Scalar] = lambda old, _: old,
    key: str = "",
) -> N:
    """Return a node whose positions and values are what functions make of them.

    Args:
        node: What is rewritten.
        position_of: The new position by the old one.
        value_of: The new value by the old one, and by the key that it stands under.
        key: That of the node itself.
    """
    position, new = position_of(node.position), cast("Node", node)
    if isinstance(node, MappingNode):
        entries = {
            k: MappingEntry(position_of(at), rewritten(v, position_of, value_of, k))
            for k, (at, v) in node.entries.items()
        }
        new = MappingNode(entries, position)
    elif isinstance(node, SequenceNode):
        items = (rewritten(item, position_of, value_of, key) for item in node.items)
        new = SequenceNode(tuple(items), position)
    else:
        new = ScalarNode(value_of(node.value, key), position)
    return cast("N", new)


def newest(node: Node) -> int:
    """Return the highest rank of the sources that a node was merged from."""
    values = children(node) if isinstance(node, MappingNode) else ()
    return max(map(newest, values), default=node.position.source.rank)


def written(steps: Iterable[Step]) -> str:
    """Write the path of a value as a user would.

    >>> written(["traffic", "arrivals", 0, "within"])
    'traffic.arrivals[0].within'
    """
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).removeprefix(".")
