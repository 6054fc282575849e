"""An HTTP cache whose misses of one key share a fetch."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.draft import DoesNotApply, Draft
from simcoalesce.explain.fix import Fix


class CollapsedForwarding(Fix):
    """Squid's ``collapsed_forwarding``, a CDN's request collapsing."""

    label: ClassVar[str] = "request collapsing in the cache"
    is_cause: ClassVar[bool] = True
    layers: ClassVar[Sequence[str]] = ("cdn",)

    kind: Literal["collapsed_forwarding"] = "collapsed_forwarding"

    @override
    def apply(self, draft: Draft) -> str:
        cache = draft.layer("cdn")
        if cache["lock"]:
            raise DoesNotApply("the cache collapses misses already")
        cache["lock"] = True
        return "misses of a key wait for one fetch"
