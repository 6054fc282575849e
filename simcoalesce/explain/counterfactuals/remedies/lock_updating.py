"""nginx that serves an expired entry while one request fetches it again."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class LockUpdating(Remedy):
    """``proxy_cache_use_stale updating``: one request fetches, no other waits."""

    label = "proxy_cache_use_stale updating"
    is_cause = True

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        lock = edit.layer("lock")
        if lock["stale"] != "none":
            raise DoesNotApply("the cache serves expired entries already")
        lock["stale"] = "updating"
        return "expired entries are served, and one request renews each"
