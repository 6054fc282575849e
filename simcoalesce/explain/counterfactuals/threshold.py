"""Tipping points: how far a fix has to go to meet the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications of each setting that is tried."""


@dataclass(frozen=True)
class Threshold:
    """The gentlest setting of a fix that meets the goal.

    Attributes:
        kind: The fix.
        label: What people call it.
        meets: The gentlest setting that meets the goal; None if none does.
        misses: The next gentler setting, which does not; None if even the gentlest
            meets it.
        strongest: The strongest setting that was tried.
        hits: Origin hits with the setting that meets it, or with the strongest.
    """

    kind: str
    label: str
    meets: str | None
    misses: str | None
    strongest: str
    hits: float

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "kind": self.kind,
            "label": self.label,
            "meets": self.meets,
            "misses": self.misses,
            "strongest": self.strongest,
            "origin_hits": self.hits,
        }


def thresholds(
    scenario: Scenario, runner: ScenarioRunner, goal: Goal
) -> tuple[Threshold, ...]:
    """Return the tipping point of every fix that has a parameter and can be made.

    There is none where the goal is met without a fix. It is found by bisection on
    paired seeds; the goal must be met on average.
    Simplification: a stronger setting is taken to be no worse.

    Args:
        scenario: The incident.
        runner: Where to measure.
        goal: What has to be met.
    """
    found: list[Threshold] = []
    if goal.is_met_already:
        return ()
    for remedy in remedies().values():
        settings = remedy.gentlest_first(scenario)
        if settings and _applies(scenario, settings[-1]):
            found.append(_Parameter(scenario, settings, runner, goal).threshold())
    return tuple(found)


def _applies(scenario: Scenario, remedy: Remedy) -> bool:
    try:
        remedied(scenario, remedy)
    except DoesNotApply:
        return False
    return True


class _Parameter:
    """The settings of one fix, and which of them meet the goal."""

    def __init__(
        self,
        scenario: Scenario,
        settings: Sequence[Remedy],
        runner: ScenarioRunner,
        goal: Goal,
    ) -> None:
        self._scenario = scenario
        self._settings = settings
        self._runner = runner
        self._goal = goal

    def threshold(self) -> Threshold:
        """Return the gentlest setting that meets the goal."""
        first = self._first_that_meets()
        last = len(self._settings) - 1
        shown = last if first is None else first
        remedy = self._settings[shown]
        return Threshold(
            kind=remedy.kind,
            label=remedy.label,
            meets=None if first is None else self._text(first),
            misses=self._text(first - 1) if first else None,
            strongest=self._text(last),
            hits=self._measured(shown).estimate("origin_hits").mean or 0.0,
        )

    def _first_that_meets(self) -> int | None:
        low, high = 0, len(self._settings) - 1
        if not self._meets(high):
            return None
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._meets(middle) else (middle + 1, high)
        return low

    def _meets(self, place: int) -> bool:
        return self._goal.is_met_on_average(self._measured(place))

    def _measured(self, place: int) -> Any:
        changed, _ = remedied(self._scenario, self._settings[place])
        return self._runner.measured(changed, SEEDS)

    def _text(self, place: int) -> str:
        return remedied(self._scenario, self._settings[place])[1][0]
