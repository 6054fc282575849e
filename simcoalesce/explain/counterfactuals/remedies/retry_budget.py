"""Retries that are at most a share of the requests."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_ratio, parse_ratio


class RetryBudget(Remedy):
    """Each request adds a share of a retry (as Finagle's and Envoy's budgets do)."""

    label = "retry budget"
    effort = "code"
    warning = "in an outage most clients get the first error"
    setting = "retries for {} of the requests"
    parameter, strengths = "budget", tuple(f"{5 * step}%" for step in range(19, -1, -1))

    budget_ratio: Ratio = default("10%")
    """Retries as a share of requests."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries("budget", called="layer that asks again"),
            self._limit,
            "the retries have such a budget already",
        )

    def _limit(self, one: LayerEntry) -> str:
        now = one.written.get("budget")
        if now is not None and parse_ratio(now) <= self.budget_ratio:
            return ""
        return one.change("budget", format_ratio(self.budget_ratio))
