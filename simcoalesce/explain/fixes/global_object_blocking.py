"""One Durable Object for all keys, which serves one request from start to end."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.draft import Draft
from simcoalesce.explain.fix import Fix


class GlobalObjectBlocking(Fix):
    """All misses queue before one object, under ``blockConcurrencyWhile``."""

    label: ClassVar[str] = "one global object, blocking"

    kind: Literal["global_object_blocking"] = "global_object_blocking"

    @override
    def apply(self, draft: Draft) -> str:
        draft.refuse("durable_object")
        actor = {"id_from": "global", "gate": "block_concurrency"}
        draft.insert_behind_caches({"durable_object": actor})
        return "one object for all keys, behind a mutex"
