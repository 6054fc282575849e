"""Clients that repeat less."""

from collections.abc import Sequence
from typing import Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import PositiveCount


class FewerRetries(Remedy):
    """Attempts in all: with one nobody asks again."""

    label = "fewer retries"
    effort = "setting"
    warning = "clients get errors that a retry would have spared them"
    setting = "attempts: {}"

    attempts: PositiveCount | None = None
    """How many each layer makes at most; half of those of today if absent."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        retries = edit.entries_of_kind("retry")
        return everywhere(retries, self._limit, "nobody makes more attempts")

    def _limit(self, one: LayerEntry) -> str:
        now: int = one.written["attempts"]
        most = self.attempts or max(now // 2, 1)
        return one.change("attempts", most) if most < now else ""

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        most = max((getattr(one, "attempts", 1) for one in scenario.path), default=1)
        every = [type(self)(attempts=one) for one in range(min(most, 50), 0, -1)]
        return self.stronger(every, scenario)
