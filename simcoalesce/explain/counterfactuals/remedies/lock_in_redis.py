"""A lock in Redis, for which all isolates and locations compete."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class LockInRedis(Remedy):
    """Of all who miss a key in Redis, one fetches; the others poll for its value."""

    label = "a lock in Redis"
    effort = "code"
    warning = "a holder that hangs keeps all waiting until its lock expires"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.entries_of_kind("redis.write")
        edit.refuse("distributed_lock")
        edit.entries_of_kind("redis.read")
        index = edit.kinds().index("redis.read")
        edit.path.insert(index + 1, {"distributed_lock": {"recheck": True}})
        return "one of all fetches a key, by SET NX"
