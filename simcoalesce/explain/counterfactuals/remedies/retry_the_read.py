"""Traffic Server that retries its read before it fetches without coalescing."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class RetryTheRead(Remedy):
    """``open_write_fail_action 5``: after all retries a reader begins them again."""

    label = "open_write_fail_action 5"
    effort = "setting"
    warning = "a fetch that hangs keeps its readers waiting twice as long"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        caches = edit.entries_of_kind("bounded_retries")
        return everywhere(
            caches,
            lambda one: one.change("on_busy", "retry"),
            "readers begin their retries again already",
        )
