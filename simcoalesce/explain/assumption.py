"""Assumptions: what a scenario states of an incident, and nobody reported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from simcoalesce.explain.counterfactuals.remedy import remedies
from simcoalesce.explain.counterfactuals.threshold import Threshold
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.node import MappingNode, Node, children, plain
from simcoalesce.yaml.writer import flow_text

_SECTIONS: Final = ("duration", "traffic", "worker", "prices", "month")
"""What a scenario says beside its layers, as far as it is a fact of an incident."""


@dataclass(frozen=True)
class Assumption:
    """A value that a file states, and that no observation does.

    Attributes:
        key: As an override writes it.
        value: As the file writes it.
        reported: What an observation says instead; empty if none does.
        decides: Which remedy meets the goal with other values of it; empty if none.
    """

    key: str
    value: str
    reported: str = ""
    decides: str = ""


def assumptions(
    scenario: Scenario, thresholds: Sequence[Threshold] = ()
) -> tuple[Assumption, ...]:
    """Return what a file states without an observation that says the same.

    Nothing is said of a scenario without observations: there all of it is assumed.

    Args:
        scenario: The incident.
        thresholds: Where other values decide whether a remedy meets the goal.
    """
    if scenario.root is None or not scenario.observations:
        return ()
    reported = dict(_reported(scenario))
    known = remedies()
    decides = {
        known[one.kind].varies: f"{one.label}: {_decided(one)}"
        for one in thresholds
        if one.kind in known and known[one.kind].varies
    }
    return tuple(
        replace(one, decides=decides.get(one.key, ""))
        for one in _assumed(scenario, reported)
    )


def _decided(one: Threshold) -> str:
    if one.meets is None:
        return f"does not meet the goal even with {one.strongest}"
    if one.fails is None:
        return f"meets the goal with {one.meets}"
    return f"meets the goal with {one.meets}, not with {one.fails}"


def _reported(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield each key that an observation sets, with its value."""
    for one in scenario.observations:
        for change in one.sets:
            key, _, value = change.partition("=")
            yield key.strip(), value.strip()


def _assumed(scenario: Scenario, reported: dict[str, str]) -> Iterator[Assumption]:
    for key, value in dict(_stated(scenario)).items():
        said = _said_of(key, reported)
        if said is None:
            yield Assumption(key, value)
        elif not _is_so(scenario, *said):
            yield Assumption(key, value, reported=said[1])


def _stated(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield the keys that a file sets to facts of an incident, with their values."""
    root = scenario.root
    sections = root.entries if root else {}
    for name in _SECTIONS:
        if name in sections:
            yield from _leaves(name, sections[name].value)
    written = children(sections["path"].value) if "path" in sections else ()
    for layer, node in zip(scenario.path, written, strict=False):
        section = layer.section or layer.kind
        usual = {one.alias: one.default for one in type(layer).model_fields.values()}
        for parameters in children(node):
            if isinstance(parameters, MappingNode):
                for name, entry in parameters.entries.items():
                    value = plain(entry.value)
                    if value != usual.get(name):
                        yield f"{section}.{name}", flow_text(value)


def _leaves(section: str, node: Node) -> Iterator[tuple[str, str]]:
    """Yield a value, or those of a table of settings."""
    if isinstance(node, MappingNode):
        for name, entry in node.entries.items():
            yield f"{section}.{name}", flow_text(plain(entry.value))
    else:
        yield section, flow_text(plain(node))


def _said_of(key: str, reported: dict[str, str]) -> tuple[str, str] | None:
    """Return the observation of a key, of a part of it, or of a whole that has it."""
    for said, value in reported.items():
        if any(_contains(*pair) for pair in ((said, key), (key, said))):
            return said, value
    return None


def _contains(whole: str, key: str) -> bool:
    return key == whole or key.startswith((f"{whole}.", f"{whole}["))


def _is_so(scenario: Scenario, key: str, value: str) -> bool:
    """Return whether an observation changes nothing of what the scenario says."""
    return scenario.with_overrides(f"{key}={value}").sha256 == scenario.sha256
