"""Requests that are refused at once when too many are under way."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.path_edit import insert_before_origin
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class LoadShedding(Remedy):
    """Calls that the origin would serve too late get a 503, and wait for nothing."""

    label = "load shedding"
    effort = "code"
    warning = "it refuses clients, so that the others are answered in time"

    factor: Annotated[float, Field(ge=1, le=1_000)] = 2.0
    """How many calls may be under way, times those that the origin serves at once."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.refuse("load_shed")
        servers = [
            one.written["concurrency"]
            for one in edit.entries_of_kind("origin")
            if one.written.get("concurrency", "unlimited") != "unlimited"
        ]
        if not servers:
            raise DoesNotApply("the origin serves any number of calls at once")
        above = round(sum(servers) * self.factor)
        layer = {"classes": [{"above": above}], "kept_in": "global"}
        insert_before_origin(edit, {"load_shed": layer})
        return f"calls beyond {above:,} under way are refused"
