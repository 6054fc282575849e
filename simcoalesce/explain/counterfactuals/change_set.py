"""Change sets: all that shipped, and what each part of it is worth (ablation)."""

from dataclasses import dataclass, replace
from typing import Literal

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.experiment.answered import ErrorShares
from simcoalesce.experiment.difference import paired
from simcoalesce.experiment.metric_values import MetricValues, no_verdict_of
from simcoalesce.explain.counterfactuals.counterfactual import (
    SHOWN,
    Counterfactual,
    counterfactual,
)
from simcoalesce.explain.counterfactuals.effect import shift
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.suggestion import did_you_mean

AblationVerdict = Literal[
    "needed", "contributes", "adds nothing", "does harm", "undecided"
]


@dataclass(frozen=True)
class Ablation:
    """The change set without one of its remedies, which kind and label name.

    Attributes:
        metrics: Those of SHOWN, by name.
        paired: Their paired differences from the whole set, with 95 % intervals.
        verdict: What the remedy is worth within the set.
        not_comparable: Why its latencies are not comparable with those of the whole
            set: other requests were answered. None if they are.
        requests: How many requests a run has, on average.
    """

    kind: str
    label: str
    metrics: dict[str, Estimate]
    paired: dict[str, Estimate]
    verdict: AblationVerdict
    not_comparable: str | None = None
    requests: float = 0.0


@dataclass(frozen=True)
class ChangeSet:
    """The remedies that shipped, together, and without each of them.

    Attributes:
        whole: All of them, compared with the incident.
        ablation: Each of them left out, compared with all of them.
    """

    whole: Counterfactual
    ablation: tuple[Ablation, ...]


def change_set(
    scenario: Scenario, runner: ScenarioRunner, *, variant: Scenario | None = None
) -> ChangeSet | None:
    """Try all that shipped, and all but one part of it.

    If the incident does not say what shipped, it is the remedy that makes the path of
    the variant.

    Returns:
        The change set; None if nothing is known to have shipped.

    Raises:
        ValueError: If it names an unknown remedy, or one that does not apply.
    """
    shipped = _named(scenario) or _made_by(scenario, variant)
    if not shipped:
        return None
    goal = goal_of(scenario, runner.measured(scenario))
    try:
        whole = counterfactual(scenario, shipped, runner, goal)
    except DoesNotApply as reason:
        raise ValueError(f"shipped: this does not apply here: {reason}") from reason
    measured = runner.measured(whole.scenario)
    ablation = []
    for remedy in shipped:
        others = [other for other in shipped if other is not remedy]
        changed, _ = remedied(scenario, *others)
        without = runner.measured(changed)
        pair = (whole.scenario, changed), (measured, without)
        apart = ErrorShares.of(*pair, is_paired=True).reason
        one = _ablation(remedy, measured, without, goal)
        ablation.append(replace(one, not_comparable=apart))
    return ChangeSet(whole, tuple(ablation))


def _named(scenario: Scenario) -> list[Remedy]:
    known = remedies()
    found: dict[str, Remedy] = {}
    for one in scenario.shipped:
        name = one.remedy
        if name not in known:
            raise ValueError(f'shipped: no remedy "{name}"{did_you_mean(name, known)}')
        try:
            found[name] = type(known[name]).with_settings(one.settings)
        except ValueError as reason:
            raise ValueError(f"shipped: {reason}") from reason
    return [*found.values()]


def _made_by(scenario: Scenario, variant: Scenario | None) -> list[Remedy]:
    """Return the remedy that makes a variant's path, if one does."""
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


def _ablation(
    remedy: Remedy, whole: MetricValues, without: MetricValues, goal: Goal
) -> Ablation:
    return Ablation(
        kind=remedy.kind,
        label=remedy.label,
        metrics={name: without.estimate(name) for name in SHOWN},
        paired={name: paired(name, whole, without).change for name in SHOWN},
        verdict=ablation_verdict(whole, without, goal),
        requests=without.estimate("requests").mean or 0.0,
    )


def ablation_verdict(
    whole: MetricValues, without: MetricValues, goal: Goal
) -> AblationVerdict:
    """Return what a remedy is worth within a change set, by paired 95 % intervals.

    - needed: the goal is met with it, and is not without it;
    - contributes: without it there are more calls or more errors;
    - does harm: without it there are fewer, and more of neither;
    - adds nothing: without it both stay within 2 %;
    - undecided: none of these, or nothing follows from such runs.
    """
    if no_verdict_of((whole, without)):
        return "undecided"
    moves = [shift(name, whole, without) for name in ("origin_hits", "errors")]
    if goal.is_met(whole) and not goal.is_met(without):
        return "needed"
    if "up" in moves:
        return "contributes"
    if "down" in moves:
        return "does harm"
    return "adds nothing" if moves == ["same", "same"] else "undecided"
