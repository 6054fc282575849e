"""The platform's own cache in front of the worker."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.path_edit import insert_behind_clients
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.model.scope import Scope


class CacheInFront(Remedy):
    """A hit runs no worker; misses of a key wait for one, at each tier."""

    label = "the platform's cache in front"
    effort = "setting"
    warning = (
        "what may not be stored runs the worker for each; purges must reach it too"
    )

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        types = edit.types()
        if any(one.scope is Scope.CACHE for one in types):
            raise DoesNotApply("the path has an HTTP cache already")
        ttl = edit.usual_ttl()
        insert_behind_clients(edit, {"workers_cache": {"ttl": ttl}})
        return f"a cache of each location and an upper tier keep answers for {ttl}"
