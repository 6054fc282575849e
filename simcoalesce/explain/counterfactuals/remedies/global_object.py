"""One Durable Object for all keys; it accepts others while it awaits a fetch."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class GlobalObject(Remedy):
    """All misses coalesce in one object, under the runtime's own input gate."""

    label = "one global object, input gate"
    effort = "component"
    # Source: developers.cloudflare.com/durable-objects, FAQ on limits, read 2026-11-23.
    warning = (
        "all keys share one object, and the platform promises about 1,000 requests/s"
        " for an object"
    )

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        said = edit.insert_behind_caches({"durable_object": {"id_from": "global"}})
        return f"one object for all keys{said}"
