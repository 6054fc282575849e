"""One Durable Object for each key, which keeps the value that it fetched."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.draft import Draft
from simcoalesce.explain.fix import Fix


class ValueInObject(Fix):
    """Who comes after the fetch, and before KV shows the value, has it from memory."""

    label: ClassVar[str] = "object per key, value kept in it"
    layers: ClassVar[Sequence[str]] = ("kv.write",)

    kind: Literal["value_in_object"] = "value_in_object"

    @override
    def apply(self, draft: Draft) -> str:
        draft.refuse("durable_object")
        ttl = draft.layer("kv.write")["ttl"]
        actor = {"durable_object": {"id_from": "key"}}
        draft.insert_behind_caches(actor, {"memory": {"ttl": ttl}})
        return f"the value stays in the object for {ttl}"
