"""Overrides: KEY=VALUE on the command line changes one value of a scenario."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from simcoalesce.scenario.merging import merged
from simcoalesce.scenario.validation_error import InvalidScenario, ValidationError
from simcoalesce.scenario.yaml_node import (
    Node,
    Row,
    Scalar,
    Source,
    SourcePosition,
    Step,
    Table,
    TableEntry,
    written,
)
from simcoalesce.scenario.yaml_parser import parsed_yaml

RANK: Final = 1_000
"""Overrides win over everything that a file says."""

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
_KEY: Final = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[\d{1,6}\])*")
_FIXED: Final = frozenset(("version", "variants", "extends"))
_MOST_STEPS: Final = 40


@dataclass(frozen=True)
class Override:
    """One change: the way to a value, and the value."""

    steps: tuple[Step, ...]
    value: Node
    place: SourcePosition

    @classmethod
    @lru_cache(maxsize=4_096)
    def parse(cls, text: str) -> "Override":
        """Return the change that ``KEY=VALUE`` makes; the value is YAML.

        Raises:
            InvalidScenario: If it has no key, or the value is not YAML.
        """
        place = SourcePosition(Source(f"-s {text}", rank=RANK, change="-s"))
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals or not _KEY.fullmatch(key):
            message = "write KEY=VALUE, e.g. kv.write_latency=20ms"
            raise InvalidScenario([ValidationError(place, "", message)])
        steps = [int(i) if i else name for name, i in _STEP.findall(key)]
        if steps[0] in _FIXED or len(steps) > _MOST_STEPS:
            message = f"{key} cannot be changed here; change the file"
            raise InvalidScenario([ValidationError(place, key, message)])
        return cls(tuple(steps), _value(value, key, place), place)

    def applied(self, root: Table) -> Table:
        """Return a scenario with the change.

        Raises:
            InvalidScenario: If the way leads to an element that a list does not have.
        """
        return self._set_in_table(root, self.steps)

    def _set(self, node: Node | None, steps: Sequence[Step]) -> Node:
        if not steps:
            return self.value
        if isinstance(steps[0], int):
            return self._set_item(node, steps[0], steps[1:])
        return self._set_in_table(self._as_table(node, steps), steps)

    def _set_in_table(self, table: Table, steps: Sequence[Step]) -> Table:
        key, rest = _known_key(table, steps)
        entry = table.entries.get(key)
        if entry and not rest:
            only_it = Table({key: TableEntry(self.place, self.value)}, self.place)
            return merged(table, only_it)
        value = self._set(entry.value if entry else None, rest)
        return table.with_entry(
            key, TableEntry(entry.key if entry else self.place, value)
        )

    def _as_table(self, node: Node | None, steps: Sequence[Step]) -> Table:
        if isinstance(node, Table):
            return node
        name = node.value if isinstance(node, Scalar) else None
        # A layer that stands in the path by its name alone has no parameters yet.
        if isinstance(name, str) and ".".join(map(str, steps)).startswith(f"{name}."):
            empty = Table({}, self.place)
            return Table({name: TableEntry(self.place, empty)}, self.place)
        return Table({}, self.place)

    def _set_item(self, node: Node | None, index: int, rest: Sequence[Step]) -> Node:
        items = node.items if isinstance(node, Row) else ()
        if index >= len(items):
            has = f"it has {len(items)}, counted from [0]" if items else "it is no list"
            message = f"there is no element [{index}]: {has}"
            raise InvalidScenario(
                [ValidationError(self.place, written(self.steps), message)]
            )
        new = self._set(items[index], rest)
        place = node.place if node else self.place
        return Row((*items[:index], new, *items[index + 1 :]), place)


def _known_key(table: Table, steps: Sequence[Step]) -> tuple[str, Sequence[Step]]:
    """Return the next key, which may hold dots if the table has such a one."""
    for end in range(len(steps), 1, -1):
        if all(isinstance(step, str) for step in steps[:end]):
            key = ".".join(map(str, steps[:end]))
            if key in table.entries:
                return key, steps[end:]
    return str(steps[0]), steps[1:]


def _value(text: str, key: str, place: SourcePosition) -> Node:
    """Return the node of a value; all its places are the override itself."""
    try:
        node, complaints = parsed_yaml(text.strip(), place.source)
    except InvalidScenario as error:
        node, complaints = None, list(error.complaints)
    if complaints:
        raise InvalidScenario(
            ValidationError(place, key, c.message) for c in complaints
        )
    return _flat(node, place) if node else Scalar(None, place)


def _flat(node: Node, place: SourcePosition) -> Node:
    if isinstance(node, Table):
        entries = {
            k: TableEntry(place, _flat(e.value, place)) for k, e in node.entries.items()
        }
        return Table(entries, place)
    if isinstance(node, Row):
        return Row(tuple(_flat(item, place) for item in node.items), place)
    return Scalar(node.value, place)
