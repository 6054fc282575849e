"""A scenario under one seed: with the values that its log left open, drawn."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any, Final, NamedTuple

from simcoalesce.scenario.layer_section import layer_sections, parameters
from simcoalesce.scenario.override import Override
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.uncertainty import drawn_values
from simcoalesce.yaml.node import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Step,
    newest,
    plain,
    written,
)
from simcoalesce.yaml.writer import flow_text

_IN_PATH: Final = 4
"""Steps to a parameter of a layer: path, its number, its name, the parameter."""


def drawn(scenario: Scenario, seed: int) -> Scenario:
    """Return a scenario with its uncertain values drawn for a seed.

    It is the scenario itself unless that says ``draw_uncertain``. Two scenarios draw
    the same values under the same seed. What a variant or ``-s`` sets is not drawn.

    Args:
        scenario: What is to be simulated.
        seed: Of the run.

    Raises:
        InvalidScenario: If a drawn value is none that the scenario can have.
    """
    if not scenario.draw_uncertain:
        return scenario
    if scenario.root is None:  # it was made in Python
        scenario = scenario.with_overrides("draw_uncertain=true")
    changes = {"draw_uncertain": False, **_changes(scenario, scenario.root, seed)}
    return scenario.with_overrides(
        *(f"{path}={flow_text(value)}" for path, value in changes.items())
    )


def _changes(
    scenario: Scenario, root: MappingNode | None, seed: int
) -> Mapping[str, Any]:
    """Return what is drawn, by its path; parameters of layers as a whole."""
    block = root.get("uncertain") if root else None
    if root is None or block is None:
        return {}
    changes: dict[str, Any] = {}
    for together in scenario.uncertain:
        nodes = {path: [*_nodes(scenario, root, path)] for path in together}
        texts = {path: _text(found[0].node) for path, found in nodes.items() if found}
        for path, value in drawn_values(together, texts, seed):
            for one in nodes[path]:
                if one.rank <= newest(block):
                    one.set(changes, root, value)
    return changes


class _Target(NamedTuple):
    """Where a value stands: in the path, if it is a parameter of a layer."""

    steps: Sequence[Step]
    node: Node | None
    rank: float

    def set(self, changes: dict[str, Any], root: MappingNode, value: str) -> None:
        """Add the change of a value; of a layer's parameter, of all that it says.

        A parameter of a section that is changed in part would lose the other parts.
        """
        new = plain(Override.parse(f"value={value}").value)
        outer = self.steps[:_IN_PATH] if self.steps[0] == "path" else self.steps
        inner = self.steps[len(outer) :]
        name = written(outer)
        if inner:
            whole = _walked(root, outer)[0]
            new = _with(changes.get(name, plain(whole) if whole else {}), inner, new)
        changes[name] = new


def _nodes(scenario: Scenario, root: MappingNode, path: str) -> Iterator[_Target]:
    """Yield where the value of a path stands, once for each layer that has it."""
    steps = Override.parse(f"{path}=0").steps
    layers = layer_sections().get(str(steps[0]))
    if layers is None:
        yield _Target(steps, *_walked(root, steps))
        return
    for index, layer in enumerate(scenario.path):
        if isinstance(layer, layers) and steps[1] in parameters(type(layer)):
            inside = ("path", index, layer.kind, *steps[1:])
            yield _Target(inside, *_walked(root, inside))


def _walked(root: MappingNode, steps: Sequence[Step]) -> tuple[Node | None, float]:
    """Return what is written at a path, and the rank of what sets it or its whole."""
    node: Node = root
    for step in steps:
        below = _below(node, step)
        if below is None:
            is_unset = isinstance(node, MappingNode)
            return None, -inf if is_unset else newest(node)
        node = below
    return node, newest(node)


def _below(node: Node, step: Step) -> Node | None:
    if isinstance(node, MappingNode) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, SequenceNode) and isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    return None


def _with(whole: Any, steps: Sequence[Step], value: Any) -> Any:
    """Return a value with one of its parts replaced."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        return [
            _with(one, rest, value) if number == step else one
            for number, one in enumerate(whole)
        ]
    parts = whole if isinstance(whole, dict) else {}
    return parts | {step: _with(parts.get(step), rest, value)}


def _text(node: Node | None) -> str | None:
    return flow_text(node.value) if isinstance(node, ScalarNode) else None
