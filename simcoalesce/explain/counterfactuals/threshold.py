"""Thresholds: the weakest setting of a remedy that meets the goal."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications of each setting that is tried."""


@dataclass(frozen=True)
class Threshold:
    """The weakest setting of a remedy that meets the goal.

    Attributes:
        meets: The weakest setting that meets the goal; None if none does.
        fails: The next weaker setting, which does not; None if there is none.
        strongest: The strongest setting that was tried.
        origin_hits: With the setting that meets the goal, or else with the strongest.
    """

    kind: str
    label: str
    meets: str | None
    fails: str | None
    strongest: str
    origin_hits: float


def thresholds(
    scenario: Scenario, runner: ScenarioRunner, goal: Goal
) -> tuple[Threshold, ...]:
    """Return the threshold of every remedy that applies and has a parameter.

    There is none where the goal is met without a remedy. It is found by bisection on
    paired seeds; the goal must be met on average.
    Simplification: a stronger setting is taken to be no worse.
    """
    if goal.is_met_already:
        return ()
    found = (
        _threshold(scenario, remedy, runner, goal) for remedy in remedies().values()
    )
    return tuple(one for one in found if one is not None)


def _threshold(
    scenario: Scenario, remedy: Remedy, runner: ScenarioRunner, goal: Goal
) -> Threshold | None:
    """Return the threshold of a remedy; None if it has no parameter here."""
    settings = remedy.weakest_first(scenario)
    last = len(settings) - 1

    def text(index: int) -> str:
        changed = remedied(scenario, settings[index])[1][0]
        return remedy.value_text(changed)

    def measured(index: int) -> MetricValues:
        return runner.measured(remedied(scenario, settings[index])[0], SEEDS)

    def meets(index: int) -> bool:
        return goal.is_met_on_average(measured(index))

    try:
        strongest = text(last) if settings else None
    except DoesNotApply:
        return None
    if strongest is None:
        return None
    first = bisect_left(range(last), x=True, key=meets) if meets(last) else None
    shown = measured(last if first is None else first)
    return Threshold(
        kind=remedy.kind,
        label=remedy.label,
        meets=None if first is None else text(first),
        fails=text(first - 1) if first else None,
        strongest=strongest,
        origin_hits=shown.estimate("origin_hits").mean or 0.0,
    )
