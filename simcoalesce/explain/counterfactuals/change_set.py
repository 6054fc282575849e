"""Bundles: all that shipped together, and what each part of it is worth there."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from simcoalesce.experiment.difference import paired
from simcoalesce.experiment.estimate import Estimate
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.counterfactual import (
    SHOWN,
    Counterfactual,
    shift,
    tried,
)
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario

PartWord = Literal["needed", "contributes", "adds nothing", "does harm", "can't tell"]


@dataclass(frozen=True)
class Ablation:
    """The bundle without one of its fixes.

    Attributes:
        kind: The fix.
        label: What people call it.
        estimates: The metrics of a table, by name.
        changes: Their paired differences to the whole bundle, with 95 % intervals.
        verdict: What the fix is worth within the bundle.
    """

    kind: str
    label: str
    estimates: dict[str, Estimate]
    changes: dict[str, Estimate]
    verdict: PartWord

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "kind": self.kind,
            "label": self.label,
            "metrics": {name: one.document() for name, one in self.estimates.items()},
            "paired": {name: one.document() for name, one in self.changes.items()},
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class ChangeSet:
    """The fixes that shipped, together and each left out.

    Attributes:
        whole: All of them at once, compared with the incident.
        missing: Each of them left out, compared with all of them.
    """

    whole: Counterfactual
    missing: tuple[Ablation, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "whole": self.whole.document(),
            "missing": [one.document() for one in self.missing],
        }


def change_set(
    scenario: Scenario, runner: ScenarioRunner, *, variant: Scenario | None = None
) -> ChangeSet | None:
    """Try what shipped, and what shipped without each of its fixes.

    Args:
        scenario: The incident; it says what shipped.
        runner: Where to measure.
        variant: What shipped if the incident does not say it: the fix by which it
            differs from the incident.

    Returns:
        The bundle; None if nothing is known to have shipped.

    Raises:
        ValueError: If it names a fix that there is not, or that cannot be made here.
    """
    shipped = _named(scenario) or _that_makes(scenario, variant)
    if not shipped:
        return None
    goal = goal_of(scenario, runner.measured(scenario))
    try:
        whole = tried(scenario, shipped, runner, goal)
    except DoesNotApply as reason:
        raise ValueError(f"shipped: this cannot be tried here: {reason}") from reason
    all_of_it = runner.measured(whole.scenario)
    missing = []
    for remedy in shipped:
        others = [other for other in shipped if other is not remedy]
        rest = remedied(scenario, *others)[0] if others else scenario
        missing.append(_missing(remedy, all_of_it, runner.measured(rest), goal))
    return ChangeSet(whole, tuple(missing))


def _named(scenario: Scenario) -> list[Remedy]:
    known, names = remedies(), dict.fromkeys(scenario.shipped)
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f'; did you mean "{close[0]}"?' if close else ""
            raise ValueError(f'shipped: no fix "{name}"{meant}')
    return [known[name] for name in names]


def _that_makes(scenario: Scenario, variant: Scenario | None) -> list[Remedy]:
    """Return the fix that makes a variant's path out of the incident's, if one does."""
    if variant is None or variant.path == scenario.path:
        return []
    for remedy in remedies().values():
        try:
            changed, _ = remedied(scenario, remedy)
        except DoesNotApply:
            continue
        if changed.path == variant.path and changed.traffic == scenario.traffic:
            return [remedy]
    return []


def _missing(
    remedy: Remedy, whole: MetricValues, without: MetricValues, goal: Goal
) -> Ablation:
    return Ablation(
        kind=remedy.kind,
        label=remedy.label,
        estimates={name: without.estimate(name) for name in SHOWN},
        changes={name: paired(name, whole, without).change for name in SHOWN},
        verdict=part_word(whole, without, goal),
    )


def part_word(whole: MetricValues, without: MetricValues, goal: Goal) -> PartWord:
    """Return what a fix is worth within a bundle, from paired 95 % intervals.

    - needed: the goal is met with it, and is not without it;
    - contributes: without it there are more calls or more errors;
    - does harm: without it there are fewer, and more of neither;
    - adds nothing: without it both stay within 2 %.
    """
    moves = [shift(name, whole, without) for name in ("origin_hits", "errors")]
    if goal.is_met(whole) and not goal.is_met(without):
        return "needed"
    if "up" in moves:
        return "contributes"
    if "down" in moves:
        return "does harm"
    return "adds nothing" if moves == ["same", "same"] else "can't tell"
