"""Code that catches a refused put, and answers all the same."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class IgnoreRefusedPuts(Remedy):
    """A put that the store refuses fails nobody: the answer is there already."""

    label = "refused puts caught"
    effort = "code"
    warning = "a value that is never stored goes unnoticed"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        writes = edit.entries("on_refused", called="write that can be refused")
        if all(one.written["writes_per_key"] == "unlimited" for one in writes):
            raise DoesNotApply("the store refuses no put")
        return everywhere(writes, _catch, "no request fails by a refused put")


def _catch(one: LayerEntry) -> str:
    is_awaited = one.written["acknowledge"] == "await"
    one.written.setdefault("on_refused", "fail")
    return one.change("on_refused", "ignore") if is_awaited else ""
