"""One Durable Object for each key."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.draft import Draft
from simcoalesce.explain.fix import Fix


class ObjectPerKey(Fix):
    """All misses of a key meet in one object and share its fetch."""

    label: ClassVar[str] = "one Durable Object per key"
    is_cause: ClassVar[bool] = True

    kind: Literal["object_per_key"] = "object_per_key"

    @override
    def apply(self, draft: Draft) -> str:
        draft.refuse("durable_object")
        draft.insert_behind_caches({"durable_object": {"id_from": "key"}})
        return "a map of fetches in flight, in one object per key"
