"""Recorded evidence: runs of the real runtime beside their predictions."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from simcoalesce.model.layer import Layer
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic.traffic import Traffic

_FILE: Final = Path(__file__).with_name("workerd_2026_11_24.json")
_RULES: Final = ("id_from", "gate", "cleanup", "acknowledge", "local_writes")
"""The parameters that are rules; all others are numbers, which may differ."""
_IF_THERE: Final = ("faults", "negative_ttl_ns")
"""What changes the rules if it is there at all."""


class RecordedRun(BaseModel, frozen=True):
    """One run on the real runtime.

    Attributes:
        scenario: The scenario and its variant, ``NAME@VARIANT``.
        changed: In which way it was not the scenario of the file.
        mechanism: The rules by which its path shares fetches.
        time_scale: How much slower than life it ran.
        metrics: Of each metric what was predicted, first, and what was measured, last.
        lines: How many lines were compared.
        differ: The metrics that did not agree.
    """

    scenario: str
    changed: str
    mechanism: str
    time_scale: int
    metrics: Mapping[str, tuple[float, ...]]
    lines: int
    differ: tuple[str, ...]


class RecordedEvidence(BaseModel, frozen=True):
    """All runs on the real runtime that were kept.

    Attributes:
        runtime: Its name and version.
        read_on: The day.
        runs: One for each scenario.
    """

    runtime: str
    read_on: str
    runs: tuple[RecordedRun, ...]

    def on(self, scenario: Scenario) -> RecordedRun | None:
        """Return a run of a scenario; else one under the same rules of sharing.

        Its numbers may be others, so without such rules only a run of the scenario
        itself tells anything. None without one.
        """
        rules = mechanism(scenario)
        alike = [
            run
            for run in self.runs
            if run.scenario == scenario.label or rules == run.mechanism != ""
        ]
        return min(alike, key=lambda run: _distance(run, scenario), default=None)


def _distance(run: RecordedRun, scenario: Scenario) -> tuple[bool, bool, bool]:
    is_other_file = not run.scenario.startswith(f"{scenario.name}@")
    return run.scenario != scenario.label, is_other_file, bool(run.changed)


@cache
def recorded_evidence() -> RecordedEvidence:
    """Return what was measured on the real runtime (docs/validation.md)."""
    return RecordedEvidence.model_validate_json(_FILE.read_bytes())


def mechanism(scenario: Scenario) -> str:
    """Return the rules by which a path shares fetches, whatever its numbers are.

    Empty if nothing is shared: every miss calls the origin.
    """
    told = []
    for layer in scenario.path:
        rules = ", ".join(_rules(layer))
        if _is_sharing(layer) or rules:
            told.append(f"{layer.kind} ({rules})" if rules else layer.kind)
    is_shared = any(map(_is_sharing, scenario.path))
    keys = " for several keys" if _has_several_keys(scenario.traffic) else ""
    return " > ".join(told) + keys if is_shared else ""


def _is_sharing(layer: Layer) -> bool:
    """Say whether requests of a worker share fetches, or their answers, there."""
    has_own_answers = layer.looks_up and layer.stores
    return layer.scope.is_worker and (layer.makes_wait or has_own_answers)


def _has_several_keys(traffic: Traffic) -> bool:
    first, *others = (phase.keys or traffic.keys for phase in traffic.arrivals)
    return first.kind != "one" or any(other != first for other in others)


def _rules(layer: Layer) -> Iterator[str]:
    """Yield the rules of a layer that are not the usual ones."""
    for name, field in type(layer).model_fields.items():
        said = getattr(layer, name)
        if name in _RULES and said != field.default:
            yield f"{name} {said}"
        if name in _IF_THERE and said:
            yield name.removesuffix("_ns")
