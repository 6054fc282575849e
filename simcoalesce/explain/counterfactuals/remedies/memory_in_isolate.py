"""A map of values in the memory of each isolate, in front of all stores."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.path_edit import insert_in_worker
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration, parse_duration


class MemoryInIsolate(Remedy):
    """Who meets an isolate that has the value asks no store."""

    label = "memory in each isolate"
    effort = "code"
    warning = "isolates show different values, and no purge reaches them"
    parameter, strengths = "ttl", ("1s", "2s", "5s", "10s", "30s", "1m", "5m")

    ttl_ns: PositiveDuration = default("10s")
    """How long an isolate keeps a value; no longer than the stores behind it do."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.refuse("memory")
        longest_ns = parse_duration(edit.usual_ttl())
        ttl = format_duration(min(self.ttl_ns, longest_ns))
        insert_in_worker(edit, {"memory": {"ttl": ttl}})
        return f"a value stays in an isolate for {ttl}"
