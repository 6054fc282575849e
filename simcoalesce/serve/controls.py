"""Controls: a slider, a field or a choice for each value of a scenario."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simcoalesce.scenario.layer_section import layer_section_of
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.serve.stops import nearest, stops
from simcoalesce.serve.value_schema import (
    WORDS,
    Node,
    part_of,
    schema_of_layer,
    value_schema,
    whole_schema,
)
from simcoalesce.yaml.node import MappingNode, SequenceNode
from simcoalesce.yaml.node import Node as Written
from simcoalesce.yaml.writer import flow_text

_TOP: Final = ("duration", "seed")
_SHAPE: Final = ("kind",)
"""To choose another member of a family changes what else may be said."""
_REST: Final = (
    ("changes", "Changes in mid-run"),
    ("measure", "Measured part"),
    ("worker", "Worker"),
    ("month", "Month"),
)


@dataclass(frozen=True)
class Control:
    """One value of a scenario, and how a page changes it.

    Attributes:
        key: What ``-s`` calls it.
        name: What the page calls it.
        about: What the schema says of it.
        unit: Of its number; empty if it is none.
        value: As it is now.
        of_file: As the file, or the chosen variant of it, has it.
        is_written: Whether somebody wrote it; else it is a default.
        choices: What it may be, if these are few.
        stops: What its slider offers; none without a slider.
    """

    key: str
    name: str
    about: str
    unit: str
    value: str
    of_file: str
    is_written: bool
    choices: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        slider = {}
        if self.stops:
            at = nearest(self.unit, self.stops, self.value)
            mark = nearest(self.unit, self.stops, self.of_file)
            slider = {"stops": list(self.stops), "at": at, "mark": mark}
        return {
            "key": self.key,
            "name": self.name,
            "about": self.about,
            "value": self.value,
            "ofFile": self.of_file,
            "isChanged": self.value != self.of_file,
            "isWritten": self.is_written or self.value != self.of_file,
            "choices": list(self.choices),
            **slider,
        }


@dataclass(frozen=True)
class _Value:
    """A value: its key, what is written there, and what the schema says of it."""

    key: str
    value: Any
    written: Written | None
    schema: Node

    def part(self, step: str | int) -> "_Value":
        """Return a part of it."""
        name = f"[{step}]" if isinstance(step, int) else f".{step}"
        # A list of one may be written as that one, without a bracket.
        is_short = isinstance(step, int) and isinstance(self.written, MappingNode)
        key = self.key if is_short else f"{self.key}{name}"
        below = self.written if is_short else _below(self.written, step)
        schema = part_of(self.schema, step, self.value)
        return _Value(key, self.value[step], below, schema)


Said = tuple[Scenario, MappingNode]
"""A scenario, and what is written of it."""


def groups_document(now: Said, before: Said) -> list[dict[str, Any]]:
    """Return the controls of a scenario in groups: the run, traffic, layers, the rest.

    Args:
        now: The scenario with the changes of the page.
        before: The same without them: its values are marked.
    """
    old = {one.key: _text(one.value) for _, one in _values(*before)}
    found: dict[str, dict[str, Control]] = {}
    for group, one in _values(*now):
        control = _control(one, group, old)
        if control is not None:
            found.setdefault(group, {}).setdefault(control.key, control)
    return [
        {"title": group, "controls": [one.document() for one in controls.values()]}
        for group, controls in found.items()
    ]


def _values(scenario: Scenario, root: MappingNode) -> Iterator[tuple[str, _Value]]:
    """Yield every value that may be changed, with the group that it belongs to."""
    document, properties = scenario.document(), whole_schema()["properties"]
    for key in _TOP:
        start = _Value(key, document[key], root.get(key), properties[key])
        yield "Run", start
    for key, group in (("traffic", "Traffic"), ("path", ""), *_REST):
        if key == "path":
            yield from _of_path(document["path"], root)
        elif key in document:
            start = _Value(key, document[key], root.get(key), properties[key])
            yield from ((group, one) for one in _leaves(start))


def _of_path(
    path: list[dict[str, dict[str, Any]]], root: MappingNode
) -> Iterator[tuple[str, _Value]]:
    """Yield the values of layers: those of a section once, for all that share it."""
    for index, entry in enumerate(path):
        ((kind, parameters),) = entry.items()
        section, schema = layer_section_of(kind), schema_of_layer(kind)
        own = _below(_below(root.get("path"), index), kind)
        shared = root.get(section)
        for name, value in parameters.items():
            written, key, group = _below(shared, name), section, section
            if (inline := _below(own, name)) is not None:
                written, key = inline, f"path[{index}].{kind}"
                group = f"{kind} (layer {index + 1})"
            part = part_of(schema, name, parameters)
            start = _Value(f"{key}.{name}", value, written, part)
            yield from ((group, one) for one in _leaves(start))


def _leaves(whole: _Value) -> Iterator[_Value]:
    """Yield a value, or all values that it is made of."""
    value = whole.value
    if isinstance(value, dict):
        # What has a kind and is not written cannot be changed in part.
        if isinstance(whole.written, MappingNode) or "kind" not in value:
            for name in value:
                yield from _leaves(whole.part(name))
    elif isinstance(value, list):
        is_same = isinstance(whole.written, (MappingNode, SequenceNode))
        if is_same and any(isinstance(one, dict) for one in value):
            for index in range(len(value)):
                yield from _leaves(whole.part(index))
    elif value is not None:
        yield whole


def _below(node: Written | None, step: str | int) -> Written | None:
    """Return a part of what is written; None if that is not written there."""
    if isinstance(node, MappingNode) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, SequenceNode) and isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    return None


def _control(one: _Value, group: str, old: Mapping[str, str]) -> Control | None:
    """Return the control of a value; None if it is neither a number nor a choice."""
    steps = one.key.split(".")
    if steps[-1] in _SHAPE:
        return None
    said, value = value_schema(one.schema, one.value), _text(one.value)
    before = old.get(one.key, value)
    choices = ("true", "false") if said.is_flag else said.words
    if not said.is_flag and not said.unit and not choices:
        return None
    offered: tuple[str, ...] = ()
    if said.unit:
        words = tuple(one for one in choices if one in WORDS)
        offered, choices = tuple(stops(said.unit, before, words)), ()
    return Control(
        key=one.key,
        name=_name(one.key, group),
        about=said.about,
        unit=said.unit,
        value=value,
        of_file=before,
        is_written=one.written is not None,
        choices=choices,
        stops=offered,
    )


def _name(key: str, group: str) -> str:
    """Return what a page calls a value: its key without what its group says."""
    text = key.removeprefix("traffic.").replace("arrivals[0].", "")
    text = re.sub(
        r"arrivals\[(\d+)\]", lambda found: f"phase {int(found[1]) + 1}", text
    )
    text = re.sub(r"^path\[\d+\]\.", "", text)
    kind = group.partition(" (")[0]
    text = text.removeprefix(f"{kind}.").removeprefix(f"{group.lower()}.")
    return text.replace("_", " ").replace(".", " · ")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else flow_text(value)
