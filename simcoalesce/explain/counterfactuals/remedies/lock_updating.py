"""nginx that serves an expired entry while one request fetches it again."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class LockUpdating(Remedy):
    """``proxy_cache_use_stale updating``: one request fetches, no other waits."""

    label = "proxy_cache_use_stale updating"
    effort = "setting"
    warning = "clients get expired answers, and the first of them waits for the origin"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries("stale", called="cache with use_stale"),
            _serve_expired,
            "the cache serves expired entries already",
        )


def _serve_expired(one: LayerEntry) -> str:
    is_strict = one.written["stale"] == "none"
    return one.change("stale", "updating") if is_strict else ""
