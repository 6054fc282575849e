"""Scenario texts for tests: a valid one, and one with a change."""

from pathlib import Path

import pytest

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.node import MappingNode, Node
from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.source_text import source_of
from simcoalesce.yaml.validation_error import InvalidScenario, ValidationError

TEXT = """\
version: 1
name: sale
traffic:
  arrivals:
    - {kind: burst, requests: 800, within: 400ms}
kv:
  write_latency: 80ms
origin:
  latency: 120ms
path: [kv.read, kv.write, origin]
"""


def a_scenario(more: str = "", *, overrides: tuple[str, ...] = ()) -> Scenario:
    """Return the scenario of TEXT, with more lines."""
    return Scenario.parse(TEXT + more, name="sale.yaml", overrides=overrides)


def errors_of(
    text: str, *, folder: Path = Path(), overrides: tuple[str, ...] = ()
) -> tuple[ValidationError, ...]:
    """Return everything that is wrong with a text; it must be something."""
    with pytest.raises(InvalidScenario) as caught:
        Scenario.parse(text, name="sale.yaml", folder=folder, overrides=overrides)
    return caught.value.errors


def only_error(text: str, *, overrides: tuple[str, ...] = ()) -> ValidationError:
    """Return the one thing that is wrong with a text."""
    errors = errors_of(text, overrides=overrides)
    assert len(errors) == 1, [str(c.message) for c in errors]
    return errors[0]


def replaced(old: str, new: str) -> str:
    """Return TEXT with a change."""
    assert old in TEXT
    return TEXT.replace(old, new)


def a_node(text: str, name: str = "part.yaml") -> Node:
    """Return the node of a YAML text."""
    node, errors = parsed_yaml(text, source_of(text, name))
    assert node is not None
    assert errors == []
    return node


def a_table(text: str, name: str = "part.yaml") -> MappingNode:
    """Return the table of a YAML text."""
    node = a_node(text, name)
    assert isinstance(node, MappingNode)
    return node
