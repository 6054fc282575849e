"""Traffic Server that retries its read before it fetches without coalescing."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class RetryTheRead(Remedy):
    """``open_write_fail_action 5``: after all retries a reader begins them again."""

    label = "open_write_fail_action 5"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache = edit.layer("bounded_retries")
        if cache["on_busy"] == "retry":
            raise DoesNotApply("readers begin their retries again already")
        cache["on_busy"] = "retry"
        return "a reader begins its retries once more, then fetches"
