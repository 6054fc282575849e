"""An expired value that stands in for an error."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration


class StaleIfError(Remedy):
    """When the origin fails, clients get what has expired; a cold key has nothing."""

    label = "serve stale if the origin fails"
    effort = "setting"
    warning = "while the origin is down clients see old content, and nobody an error"
    setting = "expired values for {} in place of an error"
    parameter, strengths = "window", ("10s", "30s", "1m", "5m", "15m", "1h", "24h")

    window_ns: PositiveDuration = default("1h")
    """How long after its expiry a value stands in for an error."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        name, window = "stale_if_error", format_duration(self.window_ns)
        caches = edit.entries(name, called="layer that can serve stale if error")
        return everywhere(
            caches,
            lambda one: one.lengthen(name, window),
            "expired values stand in for errors for that long already",
        )
