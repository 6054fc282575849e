"""A value that is refreshed before it expires, by chance."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class XFetchRemedy(Remedy):
    """Probabilistic early expiration: the nearer the expiry, the more likely.

    Source: Vattani, Chierichetti and Lowenstein, VLDB 2015.
    """

    label = "XFetch"
    effort = "code"
    warning = "under load several refresh at once; a key that is cold has nothing"
    setting = "XFetch with {}"
    parameter, strengths = "beta", (1, 1.5, 2, 3, 5, 8, 12)

    beta: Annotated[float, Field(gt=0, le=1_000)] = 1.0
    """How early: 1 is the optimum of the paper, more is earlier."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        stores = edit.entries("xfetch", called="layer with xfetch")
        return everywhere(
            stores, self._refresh, "values are refreshed as early already"
        )

    def _refresh(self, one: LayerEntry) -> str:
        now = one.written.get("xfetch")
        if now and now["beta"] >= self.beta:
            return ""
        return one.change("xfetch", {**(now or {}), "beta": self.beta})
