"""A second call when the first one is slow."""

from math import ceil

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.origin_facts import fetch_ns, is_unsteady
from simcoalesce.explain.path_edit import insert_before_origin
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_duration, format_ratio


class HedgedFetch(Remedy):
    """Who has waited longer than usual calls again; the first answer counts."""

    label = "hedged fetch"
    effort = "code"
    warning = "an origin that is slow under load gets more calls"

    budget_ratio: Ratio = default("10%")
    """Further calls as a share of the calls."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.refuse("hedge")
        if not is_unsteady(edit.incident):
            raise DoesNotApply("all calls of the origin take as long")
        first = format_duration(
            max(2 * ceil(fetch_ns(edit.incident) / 1e6) * 1_000_000, 1)
        )
        after = {"quantile": "p95", "at_first": first}
        budget = format_ratio(self.budget_ratio)
        insert_before_origin(edit, {"hedge": {"after": after, "budget": budget}})
        return f"a second call after the 95th percentile, for {budget} of the calls"
