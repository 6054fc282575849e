"""Recommendations: what meets the goal, by effort, bill and calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.explain.counterfactuals.counterfactual import (
    EFFORTS,
    SHOWN,
    Counterfactual,
)
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.counterfactuals.remedy import Effort
from simcoalesce.explain.counterfactuals.verdict import VerdictWord, verdict
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario

DOUBLED_SEEDS: Final = 5
"""Replications under double the traffic."""
_MOST_DOUBLED: Final = 5
"""So many of the recommended ones are tried under it, the first ones."""


@dataclass(frozen=True)
class Doubled:
    """What a change does when everybody comes twice.

    Attributes:
        verdict: Compared with the incident under double the traffic; the goal is the
            same.
        metrics: Those of SHOWN, by name.
        requests: How many requests a run has, on average.
        replications: Under how many seeds.
    """

    verdict: VerdictWord
    metrics: dict[str, Estimate]
    requests: float
    replications: int


@dataclass(frozen=True)
class Recommended:
    """A change that meets the goal on its whole 95 % interval.

    Attributes:
        kind: Of the remedy, or of several, joined by "+".
        changed: What it changed here.
        setting: The value that it sets; empty of several remedies.
        is_at_threshold: Whether that is not its usual setting, but the weakest that
            meets the goal.
        effort: What it takes: a setting, code, or a new component.
        verdict: It hides the incident only if nothing fixes it.
        metrics: Those of SHOWN, by name; the month's bill among them.
        paired: Their paired differences from the incident.
        warning: What can go wrong with it, and no metric shows.
        doubled: What it does under double the traffic; None if that was not tried.
        change: The counterfactual.
    """

    kind: str
    label: str
    changed: str
    setting: str
    is_at_threshold: bool
    effort: Effort
    verdict: VerdictWord
    metrics: dict[str, Estimate]
    paired: dict[str, Estimate]
    warning: str
    doubled: Doubled | None
    change: Counterfactual = field(repr=False)


def recommended(
    scenario: Scenario,
    runner: ScenarioRunner,
    goal: Goal,
    tried: Sequence[Counterfactual],
    together: Sequence[Counterfactual] = (),
) -> tuple[Recommended, ...]:
    """Return the changes that meet the goal, the one to make first first.

    By effort, then by the month's bill (of a run where there is no month), then by
    calls. What only hides the incident is returned only if nothing fixes it.

    Args:
        scenario: The incident.
        runner: Measures double the traffic.
        goal: What must be achieved.
        tried: Each remedy alone, with its threshold.
        together: Several remedies that meet the goal together.
    """
    if goal.is_met_already:
        return ()
    meeting = [(at, at is not one) for one in tried if (at := one.meets) is not None]
    meeting += [(one, False) for one in together]
    fixing = [pair for pair in meeting if pair[0].verdict == "fixes"]
    chosen = sorted(fixing or meeting, key=lambda pair: _order(pair[0], runner))
    twice = _Twice(scenario, runner, goal)
    twice.prepare([one.scenario for one, _ in chosen[:_MOST_DOUBLED]])
    return tuple(
        _recommended(
            one,
            twice.of(one.scenario) if place < _MOST_DOUBLED else None,
            is_at_threshold=is_at_threshold,
        )
        for place, (one, is_at_threshold) in enumerate(chosen)
    )


def _order(one: Counterfactual, runner: ScenarioRunner) -> tuple[int, float, float]:
    bill = one.metrics["cost_month_usd"].mean
    if bill is None:
        bill = runner.measured(one.scenario, one.replications).estimate("cost_usd").mean
    return (
        EFFORTS.index(one.effort),
        bill or 0.0,
        one.metrics["origin_hits"].mean or 0.0,
    )


def _recommended(
    one: Counterfactual, doubled: Doubled | None, *, is_at_threshold: bool
) -> Recommended:
    return Recommended(
        kind=one.kind,
        label=one.label,
        changed=one.changed,
        setting=one.setting,
        is_at_threshold=is_at_threshold,
        effort=one.effort,
        verdict=one.verdict,
        metrics=one.metrics,
        paired=one.paired,
        warning=one.warning,
        doubled=doubled,
        change=one,
    )


class _Twice:
    """The incident and its changes under double the traffic."""

    def __init__(self, scenario: Scenario, runner: ScenarioRunner, goal: Goal) -> None:
        self._scenario = scenario
        self._runner = runner
        self._goal = goal

    def prepare(self, changed: Sequence[Scenario]) -> None:
        """Measure changes that are needed soon."""
        if changed:
            every = map(doubled_traffic, (self._scenario, *changed))
            self._runner.prepare(every, DOUBLED_SEEDS)

    def of(self, changed: Scenario) -> Doubled:
        """Return what a change does."""
        before, after = (
            self._runner.measured(doubled_traffic(one), DOUBLED_SEEDS)
            for one in (self._scenario, changed)
        )
        word = verdict(
            before, after, self._goal, is_closed=self._scenario.traffic.is_closed
        )
        return Doubled(
            word,
            {name: after.estimate(name) for name in SHOWN},
            after.estimate("requests").mean or 0.0,
            after.replications,
        )


def doubled_traffic(scenario: Scenario) -> Scenario:
    """Return a scenario to which everybody comes twice: each phase is there again."""
    edit = ScenarioEdit(scenario)
    edit.document["traffic"]["arrivals"] *= 2
    return edit.scenario()
