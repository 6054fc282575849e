"""Nodes: what a YAML text says, with the place of every key and value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

Step: TypeAlias = str | int
"""One step into a document: a key of a table, or an index of a list."""


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
class Scalar:
    """One value."""

    value: str | int | float | bool | None
    place: SourcePosition


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A list of values."""

    items: tuple["Node", ...]
    place: SourcePosition


class TableEntry(NamedTuple):
    """A value of a table, and where its key stands."""

    key: SourcePosition
    value: "Node"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Values by their keys."""

    entries: Mapping[str, TableEntry]
    place: SourcePosition

    def get(self, key: str) -> "Node | None":
        """Return the value of a key; None without it."""
        entry = self.entries.get(key)
        return entry.value if entry else None

    def with_entry(self, key: str, entry: TableEntry) -> "Table":
        """Return the table with another value for a key."""
        return Table({**self.entries, key: entry}, self.place)

    def without(self, keys: Iterable[str]) -> "Table":
        """Return the table without some keys."""
        dropped = frozenset(keys)
        kept = {key: e for key, e in self.entries.items() if key not in dropped}
        return Table(kept, self.place)

    def only(self, keys: Iterable[str]) -> "Table":
        """Return the table with no other keys than these."""
        wanted = frozenset(keys)
        kept = {key: e for key, e in self.entries.items() if key in wanted}
        return Table(kept, self.place)


Node: TypeAlias = Scalar | Row | Table
"""A value, a list or a table."""


def count(node: Node) -> int:
    """Return how many values, lists and tables a node holds, itself included."""
    if isinstance(node, Table):
        return 1 + sum(count(entry.value) for entry in node.entries.values())
    if isinstance(node, Row):
        return 1 + sum(map(count, node.items))
    return 1


def plain(node: Node) -> Any:
    """Return the values of a node without their places."""
    if isinstance(node, Table):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Row):
        return [plain(item) for item in node.items]
    return node.value


def moved(node: Node, source: Source) -> Node:
    """Return a node as part of another source, at the same lines."""
    if isinstance(node, Table):
        return moved_table(node, source)
    if isinstance(node, Row):
        items = tuple(moved(item, source) for item in node.items)
        return Row(items, _in(node.place, source))
    return Scalar(node.value, _in(node.place, source))


def moved_table(table: Table, source: Source) -> Table:
    """Return a table as part of another source, at the same lines."""
    entries = {
        key: TableEntry(_in(entry.key, source), moved(entry.value, source))
        for key, entry in table.entries.items()
    }
    return Table(entries, _in(table.place, source))


def _in(place: SourcePosition, source: Source) -> SourcePosition:
    return SourcePosition(source, place.line, place.column, place.width)


def newest(node: Node) -> int:
    """Return the highest rank of the sources that a node was merged from."""
    if isinstance(node, Table):
        ranks = [newest(entry.value) for entry in node.entries.values()]
        return max(ranks, default=node.place.source.rank)
    return node.place.source.rank


def written(steps: Iterable[Step]) -> str:
    """Write the way to a value as a user would.

    >>> written(["traffic", "arrivals", 0, "within"])
    'traffic.arrivals[0].within'
    """
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).removeprefix(".")
