"""workers_cache: the platform's cache before a worker, with an upper tier behind it."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.distribution import Constant, Latency
from simcoalesce.model.changeable import NamedStore, Purgeable
from simcoalesce.model.clock import Fetch
from simcoalesce.model.layer import Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl
from simcoalesce.model.shared_cache import CollapsingLayer
from simcoalesce.model.tier import TierScope, of_tier
from simcoalesce.spec import default
from simcoalesce.units import OptionalDuration, PositiveDuration

_NO_WAY: Final = Constant.model_construct(value_ns=0)


class WorkersCache(CollapsingLayer):
    """Cloudflare's Workers Cache: one of each location, and an upper tier behind them.

    A location's cache asks the upper tier, and that one the worker; an answer is stored
    in both, and its age counts (RFC 9111, which the documents name). Those who miss
    while a key is being fetched wait, at each tier. What may not be stored, an error
    above all, is not shared: all who waited run the worker. Expired content stands in
    for a 5xx as long as there is any.

    Each request is billed, and CPU where the worker runs. Simplification: the worker
    runs at the location of the request. What a fetch does whose client leaves, and how
    long a request waits for another's, is not documented: as in `cdn`.

    Source: developers.cloudflare.com/workers/cache, read 2026-11-30.
    """

    shares_stored: ClassVar[bool] = True

    kind: Literal["workers_cache"] = "workers_cache"
    scope_: TierScope = "global"
    """Who shares the upper tier: all locations, those of a region, or nobody (location:
    there is none)."""
    hop: Latency = default("0ms")
    """One way from a location to the upper tier."""
    ttl_ns: PositiveDuration = default("2h")
    """How long an answer is fresh if it does not say."""
    error_ttl: ErrorTtl = default(
        {"404": "3m", "405": "1m", "410": "3m", "414": "1m", "501": "1m"}
    )
    """How long errors are fresh, by status; others are not stored."""
    stale_if_error_ns: OptionalDuration = default("unlimited")
    """How long after its expiry content stands in for a 5xx, which is not stored."""

    counts_age: bool = True
    """Whether the time that an answer has spent in the upper tier counts (Age)."""

    @property
    @override
    def served_by(self) -> str:
        return self.kind

    @property
    @override
    def noun(self) -> str:
        return "the Workers Cache"

    @override
    def noun_as(self, served_by: str) -> str:
        return self.noun if served_by.partition(".")[0] == self.kind else ""

    @override
    def waits_before(self) -> Iterator[Wait]:
        # The look-up at the location comes before it, so the way is in the miss window.
        yield Wait("way to the upper tier", self.hop.expected_ns, is_way=True)

    @override
    def waits_until_visible(self) -> Iterator[Wait]:
        return self.waits_after()

    @property
    @override
    def tiers(self) -> Sequence[CollapsingLayer]:
        at_once = {"scope_": "location", "hop": _NO_WAY, "hops": {}}
        lower = self.model_copy(update=at_once)
        if self.scope_ == "location":
            return (lower,)
        return lower, _UpperTier.model_construct(**dict(self))

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        for number, tier in reversed([*enumerate(self.tiers)]):
            own = of_tier(context, number)
            fetch = tier.at_a_distance(tier.answering(fetch, own), own)
        return fetch


class _UpperTier(WorkersCache):
    """The same cache, as more than a location shares it."""

    @property
    @override
    def served_by(self) -> str:
        return f"{self.kind}.{self.scope_}"

    @override
    def keep(self, store: Purgeable, context: LayerContext) -> None:
        # A purge of the cache reaches both tiers, under one name.
        named = NamedStore(self.kind, self.is_purged, store)
        context.changeable.stores.append(named)
