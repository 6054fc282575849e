"""An expired value that is served while one request fetches the new one."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.units import Duration, format_duration, parse_duration


class StaleWhileRevalidate(Remedy):
    """It needs an expired value: a key that nobody asked for before has none."""

    label = "serve stale, refresh once"
    parameter, strengths = "window", tuple(f"{2**step}s" for step in range(12))

    window_ns: Duration | None = None
    """How long after its expiry a value is served; as long as its TTL if absent."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        read, ttl = edit.layer("kv.read"), edit.layer("kv.write")["ttl"]
        if parse_duration(read["stale_while_revalidate"]):
            raise DoesNotApply("KV's expired values are served already")
        window = ttl if self.window_ns is None else format_duration(self.window_ns)
        read["stale_while_revalidate"] = window
        read["refreshes"] = "one"
        return f"expired values served for {window}"
