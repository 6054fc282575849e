"""Effective configuration: every value of a scenario, and where it was set."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.visible import visible
from simcoalesce.yaml.node import (
    MappingNode,
    Node,
    SequenceNode,
    SourcePosition,
    Step,
    children,
)
from simcoalesce.yaml.writer import flow_text, scalar_text

_WIDEST: Final = 40
"""Comments stand in one column, as far as values are not wider than this."""


Line: TypeAlias = tuple[str, str]
"""A text, and the origin of its value; empty if it has none of its own."""


def effective_config(scenario: Scenario) -> str:
    """Return a scenario as YAML, one value a line, each with its origin.

    The origin is the position where it is set, the variant or -s that changes it, or
    ``default``. The text is itself a scenario, equal to the given one.

    >>> print(effective_config(scenario))  # doctest: +SKIP
    version: 1              # default
    name: flash-sale-9pm    # set, flash-sale-9pm.yaml:3
    """
    lines = list(_table(scenario.document(), scenario.root, "", ""))
    width = min(max(len(text) for text, origin in lines if origin), _WIDEST)
    return "".join(
        f"{text:<{width}}  # {visible(origin)}\n" if origin else f"{text}\n"
        for text, origin in lines
    )


def plain_config(scenario: Scenario) -> str:
    """Return a scenario as YAML, one value a line; it is itself that scenario."""
    lines = _table(scenario.document(), None, "", "")
    return "".join(f"{text}\n" for text, _ in lines)


def _table(
    values: dict[str, Any], node: Node | None, indent: str, lead: str
) -> Iterator[Line]:
    """Yield the lines of a table.

    Args:
        values: What holds.
        node: What was written.
        indent: Of all lines.
        lead: Of the first line, instead of the indent, e.g. a dash.
    """
    for key, value in values.items():
        start = f"{lead or indent}{scalar_text(key)}:"
        lead = ""
        yield from _value(start, value, _part(node, key), indent)


def _value(start: str, value: Any, node: Node | None, indent: str) -> Iterator[Line]:
    if isinstance(value, dict) and value:
        yield start, ""
        yield from _table(value, node, f"{indent}  ", "")
    elif isinstance(value, list) and any(map(_needs_a_line, value)):
        yield start, ""
        for index, item in enumerate(value):
            yield from _item(item, _part(node, index), f"{indent}  ")
    else:
        yield f"{start} {flow_text(value)}", _origin(node)


def _needs_a_line(item: Any) -> bool:
    return isinstance(item, dict) or " " in str(item)


def _item(item: Any, node: Node | None, indent: str) -> Iterator[Line]:
    if isinstance(item, dict) and item:
        yield from _table(item, node, f"{indent}  ", f"{indent}- ")
    else:
        yield f"{indent}- {flow_text(item)}", _origin(node)


def _part(node: Node | None, step: Step) -> Node | None:
    """Return a part of what was written.

    A value that is written shorter than it is meant (the name of a preset for a list
    of limits) is the origin of all its parts.
    """
    if isinstance(node, MappingNode):
        return node.get(step) if isinstance(step, str) else node
    if isinstance(node, SequenceNode) and isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    return node


def _origin(node: Node | None) -> str:
    if node is None:
        return "default"
    position = _latest(node)
    source = position.source
    written = f"{source.change or 'set'}, {source.name}:{position.line}"
    return written if source.lines else source.change


def _latest(node: Node) -> SourcePosition:
    """Return the position of the last change to a node."""
    positions = (node.position, *map(_latest, children(node)))
    return max(positions, key=lambda position: position.source.rank)
