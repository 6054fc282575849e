"""An origin that serves more calls at once."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.units import parse_count


class MoreConcurrency(Remedy):
    """More servers, workers or connections of the origin."""

    label = "four times the origin's concurrency"
    effort = "component"
    warning = "what is behind the origin, such as its database, gets all of it"
    setting = "a concurrency of {}"
    parameter, strengths = "factor", tuple(2 ** (step / 2) for step in range(1, 21))

    factor: Annotated[float, Field(gt=1, le=100_000)] = 4.0
    """Times the calls that it serves at once."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries_of_kind("origin"),
            self._enlarge,
            "the origin serves any number of calls at once",
        )

    def _enlarge(self, one: LayerEntry) -> str:
        now = one.written.get("concurrency", "unlimited")
        if now == "unlimited":
            return ""
        servers = parse_count(now)
        return one.change("concurrency", max(round(servers * self.factor), servers + 1))
