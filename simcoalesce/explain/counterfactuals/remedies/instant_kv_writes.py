"""A KV write that takes no time: the best that faster writes could do."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit, latency_text


class InstantKvWrites(Remedy):
    """A written value can be read at once, everywhere."""

    label = "KV writes that take no time"
    is_cause = True

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        write = edit.layer("kv.write")
        before = latency_text(write["write_latency"])
        write["write_latency"] = "0ms"
        write["propagation"] = "0ms"
        return f"KV write {before} → 0ms"
