"""Writes that no answer waits for."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class BackgroundWrite(Remedy):
    """The code hands the put to ``waitUntil``, and answers."""

    label = "write in the background"
    effort = "code"
    warning = "who comes between the answer and the put fetches again"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        writes = edit.entries("acknowledge", called="write that an answer waits for")
        return everywhere(
            writes,
            lambda one: one.change("acknowledge", "background"),
            "no answer waits for a write",
        )
