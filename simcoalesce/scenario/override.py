"""Overrides: KEY=VALUE on the command line changes one value of a scenario."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from simcoalesce.scenario.merging import merged
from simcoalesce.yaml.node import (
    MappingEntry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    SourcePosition,
    Step,
    rewritten,
    written,
)
from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError

RANK: Final = 1_000
"""Overrides win over everything that a file says."""

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
_KEY: Final = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[\d{1,6}\])*")
_FIXED: Final = frozenset(("version", "variants", "extends"))
_MOST_STEPS: Final = 40


@dataclass(frozen=True)
class Override:
    """One change: the path of a value, and the value."""

    steps: tuple[Step, ...]
    value: Node
    position: SourcePosition

    @classmethod
    @lru_cache(maxsize=4_096)
    def parse(cls, text: str) -> "Override":
        """Return the change that ``KEY=VALUE`` makes; the value is YAML.

        Raises:
            InvalidScenario: If it has no key, or the value is not YAML.
        """
        position = SourcePosition(Source(f"-s {text}", rank=RANK, change="-s"))
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals or not _KEY.fullmatch(key):
            message = "write KEY=VALUE, e.g. kv.write_latency=20ms"
            raise InvalidScenario.of(position, message)
        steps = [int(i) if i else name for name, i in _STEP.findall(key)]
        if steps[0] in _FIXED or len(steps) > _MOST_STEPS:
            message = f"{key} cannot be changed here; change the file"
            raise InvalidScenario.of(position, message, key)
        return cls(tuple(steps), _value(value, key, position), position)

    def applied(self, root: MappingNode) -> MappingNode:
        """Return a scenario with the change.

        Raises:
            InvalidScenario: If the path names an element that a list does not have.
        """
        return self._set_in_mapping(root, self.steps)

    def _set(self, node: Node | None, steps: Sequence[Step]) -> Node:
        if not steps:
            return self.value
        if isinstance(steps[0], int):
            return self._set_item(node, steps[0], steps[1:])
        return self._set_in_mapping(self._as_mapping(node, steps), steps)

    def _set_in_mapping(
        self, mapping: MappingNode, steps: Sequence[Step]
    ) -> MappingNode:
        key, rest = _known_key(mapping, steps)
        entry = mapping.entries.get(key)
        if not rest:
            return merged(mapping, self._mapping({key: self.value}))
        value = self._set(entry.value if entry else None, rest)
        at = entry.key if entry else self.position
        return mapping.with_entry(key, MappingEntry(at, value))

    def _mapping(self, values: dict[str, Node]) -> MappingNode:
        entries = {k: MappingEntry(self.position, v) for k, v in values.items()}
        return MappingNode(entries, self.position)

    def _as_mapping(self, node: Node | None, steps: Sequence[Step]) -> MappingNode:
        if isinstance(node, MappingNode):
            return node
        name = node.value if isinstance(node, ScalarNode) else None
        # A layer that stands in the path by its name alone has no parameters yet.
        if isinstance(name, str) and ".".join(map(str, steps)).startswith(f"{name}."):
            return self._mapping({name: self._mapping({})})
        return self._mapping({})

    def _set_item(self, node: Node | None, index: int, rest: Sequence[Step]) -> Node:
        items = node.items if isinstance(node, SequenceNode) else ()
        if index >= len(items):
            has = f"it has {len(items)}, counted from [0]" if items else "it is no list"
            message = f"there is no element [{index}]: {has}"
            raise InvalidScenario.of(self.position, message, written(self.steps))
        new = self._set(items[index], rest)
        at = node.position if node else self.position
        return SequenceNode((*items[:index], new, *items[index + 1 :]), at)


def _known_key(
    mapping: MappingNode, steps: Sequence[Step]
) -> tuple[str, Sequence[Step]]:
    """Return the next key, which may hold dots if the mapping has such a one."""
    for end in range(len(steps), 1, -1):
        if all(isinstance(step, str) for step in steps[:end]):
            key = ".".join(map(str, steps[:end]))
            if key in mapping.entries:
                return key, steps[end:]
    return str(steps[0]), steps[1:]


def _value(text: str, key: str, position: SourcePosition) -> Node:
    """Return the node of a value; all its positions are the override itself."""
    try:
        node, errors = parsed_yaml(text.strip(), position.source)
    except InvalidScenario as error:
        node, errors = None, list(error.errors)
    if errors:
        raise InvalidScenario(ValidationError(position, key, e.message) for e in errors)
    node = node or ScalarNode(None, position)
    return rewritten(node, lambda _: position)
