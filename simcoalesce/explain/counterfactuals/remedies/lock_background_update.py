"""nginx that serves an expired entry to all, and fetches it in the background."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class LockBackgroundUpdate(Remedy):
    """``proxy_cache_background_update on``, with ``use_stale updating``."""

    label = "proxy_cache_background_update"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        lock = edit.layer("lock")
        if lock["stale"] == "background":
            raise DoesNotApply("the cache fetches in the background already")
        lock["stale"] = "background"
        return "expired entries are served, and renewed in the background"
