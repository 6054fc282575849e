"""nginx that serves what has expired while one request fetches it anew."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class LockUpdating(Remedy):
    """``proxy_cache_use_stale updating``: who refreshes waits, the others do not."""

    label: ClassVar[str] = "proxy_cache_use_stale updating"
    is_cause: ClassVar[bool] = True
    layers: ClassVar[Sequence[str]] = ("lock",)

    kind: Literal["lock_updating"] = "lock_updating"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        lock = edit.layer("lock")
        if lock["stale"] != "none":
            raise DoesNotApply("the cache serves what has expired already")
        lock["stale"] = "updating"
        return "one fetches what has expired, the others get it as it is"
