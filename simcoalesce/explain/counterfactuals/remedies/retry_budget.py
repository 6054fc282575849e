"""Clients whose retries are at most a share of their requests."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_ratio


class RetryBudget(Remedy):
    """Each request adds a share of a retry (as Finagle's and Envoy's budgets do)."""

    label = "retry budget"

    budget_ratio: Ratio = default("10%")
    """Retries as a share of requests."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        retry, budget = edit.layer("retry"), format_ratio(self.budget_ratio)
        if retry.get("budget") is not None:
            raise DoesNotApply("the retries have a budget already")
        retry["budget"] = budget
        return f"retries for {budget} of the requests"
