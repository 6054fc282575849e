"""Thresholds: the weakest setting of a remedy that meets the goal."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.counterfactual import (
    Counterfactual,
    counterfactual,
)
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.counterfactuals.verdict import VerdictWord
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner, seeds_to_search
from simcoalesce.scenario.scenario import Scenario

SEARCHED: Final = ("origin_hits", "origin_rejected", "errors", "latency_p99_s")
"""The metrics of a setting that was simulated."""
_MOST_STEPS: Final = 6
"""So many stronger settings are tried where an interval straddles the goal."""


class SimulatedSetting(NamedTuple):
    """A setting that was simulated on the way to a threshold.

    Attributes:
        setting: The value, as it is written.
        metrics: Its means and intervals, those of SEARCHED by name.
        is_goal_met: Whether these meet the goal: on their whole interval if `is_sure`,
            on average otherwise.
        replications: Under how many seeds.
        is_sure: Whether it was measured under all seeds.
    """

    setting: str
    metrics: dict[str, Estimate]
    is_goal_met: bool
    replications: int
    is_sure: bool


@dataclass(frozen=True)
class Threshold:
    """The weakest setting of a remedy that meets the goal.

    Attributes:
        meets: The weakest setting that meets the goal on its whole 95 % interval; None
            if none does.
        fails: The next weaker setting, which does not; None if there is none.
        strongest: The strongest setting that was tried.
        origin_hits: With the setting that meets the goal, or else with the strongest.
        verdict: With the setting that meets the goal; None if none does.
        is_chosen: Whether anybody chooses the setting: then it is something to do.
        at: The incident with that setting; None if none meets the goal.
        simulated: All settings that were simulated on the way, the weakest first.
    """

    kind: str
    label: str
    meets: str | None
    fails: str | None
    strongest: str
    origin_hits: float
    verdict: VerdictWord | None = None
    is_chosen: bool = True
    at: Counterfactual | None = field(default=None, repr=False)
    simulated: tuple[SimulatedSetting, ...] = field(default=(), repr=False)


def with_thresholds(
    scenario: Scenario,
    runner: ScenarioRunner,
    goal: Goal,
    tried: Iterable[Counterfactual],
) -> tuple[Counterfactual, ...]:
    """Return remedies with their thresholds, those that apply and have a parameter.

    There is none where the goal is met without a remedy. It is found by bisection on
    few paired seeds, on average; then all seeds must meet the goal on their interval,
    or those of a stronger setting.
    Simplification: a stronger setting is taken to be no worse.
    """
    if goal.is_met_already:
        return tuple(tried)
    known, every = remedies(), tuple(tried)
    found = _side_by_side(
        [_Search(scenario, known[one.kind], runner, goal).steps() for one in every],
        runner,
    )
    return tuple(
        replace(one, threshold=threshold)
        for one, threshold in zip(every, found, strict=True)
    )


class _Needed(NamedTuple):
    """What a search measures next: a scenario, and under how many seeds."""

    scenario: Scenario
    seeds: int | None


_Steps: TypeAlias = Generator[_Needed, None, Threshold | None]


def _side_by_side(
    searches: Sequence[_Steps], runner: ScenarioRunner
) -> list[Threshold | None]:
    """Take the steps of all searches together: what they need is measured at once."""
    found: list[Threshold | None] = [None] * len(searches)
    left = dict(enumerate(searches))
    while left:
        needed: dict[int | None, list[Scenario]] = {}
        for place, steps in list(left.items()):
            try:
                one = next(steps)
            except StopIteration as end:
                found[place] = end.value
                del left[place]
            else:
                needed.setdefault(one.seeds, []).append(one.scenario)
        for seeds, scenarios in needed.items():
            runner.prepare(scenarios, seeds)
    return found


class _Search:
    """The settings of one remedy, the weakest first."""

    def __init__(
        self, scenario: Scenario, remedy: Remedy, runner: ScenarioRunner, goal: Goal
    ) -> None:
        self._scenario = scenario
        self._remedy = remedy
        self._runner = runner
        self._goal = goal
        self._seeds = seeds_to_search(scenario)
        self._settings: Sequence[Remedy] = remedy.weakest_first(scenario)
        self._tried: dict[int, MetricValues] = {}

    def steps(self) -> _Steps:
        """Yield what is to be measured; return the threshold.

        That is None if the remedy has no parameter here.
        """
        last = len(self._settings) - 1
        try:
            strongest = self._text(last) if self._settings else None
        except DoesNotApply:
            return None
        if strongest is None:
            return None
        yield self._needed(last, self._seeds)
        if self._is_met_on_average(last):
            first = yield from self._first_on_average(last)
            for index in range(first, min(first + _MOST_STEPS, last + 1)):
                yield self._needed(index, None)
                if self._goal.is_met(self._measured(index, None)):
                    return self._met(index, strongest)
        return self._out_of_reach(strongest)

    def _first_on_average(self, last: int) -> Generator[_Needed, None, int]:
        """Return the first setting that meets the goal on average, by bisection."""
        low, high = 0, last
        while low < high:
            middle = (low + high) // 2
            yield self._needed(middle, self._seeds)
            is_met = self._is_met_on_average(middle)
            low, high = (low, middle) if is_met else (middle + 1, high)
        return low

    def _met(self, index: int, strongest: str) -> Threshold:
        setting, remedy = self._settings[index], self._remedy
        at = counterfactual(self._scenario, [setting], self._runner, self._goal)
        return Threshold(
            kind=remedy.kind,
            label=remedy.label,
            meets=self._text(index),
            fails=self._text(index - 1) if index else None,
            strongest=strongest,
            origin_hits=at.metrics["origin_hits"].mean or 0.0,
            verdict=at.verdict,
            is_chosen=remedy.is_chosen,
            at=at,
            simulated=self._simulated(),
        )

    def _out_of_reach(self, strongest: str) -> Threshold:
        last = self._measured(len(self._settings) - 1, self._seeds)
        return Threshold(
            kind=self._remedy.kind,
            label=self._remedy.label,
            meets=None,
            fails=None,
            strongest=strongest,
            origin_hits=last.estimate("origin_hits").mean or 0.0,
            simulated=self._simulated(),
        )

    def _simulated(self) -> tuple[SimulatedSetting, ...]:
        """Return what was tried, each setting by the most seeds that it has."""
        return tuple(
            self._as_tried(index, self._tried[index]) for index in sorted(self._tried)
        )

    def _as_tried(self, index: int, measured: MetricValues) -> SimulatedSetting:
        is_sure = measured.replications == self._runner.replications
        is_met = self._goal.is_met if is_sure else self._goal.is_met_on_average
        return SimulatedSetting(
            self._text(index),
            {name: measured.estimate(name) for name in SEARCHED},
            is_met(measured),
            measured.replications,
            is_sure,
        )

    def _measured(self, index: int, seeds: int | None) -> MetricValues:
        measured = self._runner.measured(self._made(index), seeds)
        known = self._tried.get(index)
        if known is None or known.replications < measured.replications:
            self._tried[index] = measured
        return measured

    def _needed(self, index: int, seeds: int | None) -> _Needed:
        return _Needed(self._made(index), seeds)

    def _made(self, index: int) -> Scenario:
        return remedied(self._scenario, self._settings[index])[0]

    def _text(self, index: int) -> str:
        changed = remedied(self._scenario, self._settings[index])[1][0]
        return self._remedy.value_text(changed)

    def _is_met_on_average(self, index: int) -> bool:
        return self._goal.is_met_on_average(self._measured(index, self._seeds))
