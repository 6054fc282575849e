"""cache_api: a store of the location that the worker's code reads and writes."""

from collections.abc import Iterator
from typing import ClassVar, Final, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.clock import COMPLETE, START, Fetch, Steps
from simcoalesce.model.layer import Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.location_cache import CachingLayer, LocationCache
from simcoalesce.model.scope import Scope
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration

_PUT: Final = "put"


class CacheApi(CachingLayer):
    """Cloudflare's Cache API, `caches.default`, with `match` and `put` in the code.

    Nobody waits for the fetch of another, nothing stale is served, and there is no tier
    behind it. The worker runs for each request, hit or not.

    Source: developers.cloudflare.com/workers/runtime-apis/cache and
    workers/cache/limitations, read 2026-11-30.
    """

    scope: ClassVar[Scope] = Scope.LOCATION
    makes_wait: ClassVar[bool] = False
    says_error: ClassVar[str] = ""
    says_found: ClassVar[str] = "the Cache API has the answer"
    says_stored: ClassVar[str] = "it is put into the Cache API"

    kind: Literal["cache_api"] = "cache_api"
    ttl_ns: PositiveDuration = default("2h")
    """How long an answer is fresh, from the put, if it does not say."""
    whole_seconds: bool = False
    """Whether lifetimes are reckoned in whole seconds of the wall clock."""
    read_latency: Latency = default("0ms")
    """How long `match` takes; it sees what is there at its end."""
    write_latency: Latency = default("0ms")
    """How long `put` takes; what it stores is found at its end."""
    acknowledge: Literal["await", "background"] = "background"
    """Whether the answer waits for the put, or the code hands it to `waitUntil`."""

    @model_validator(mode="after")
    def _has_no_tiers(self) -> Self:
        if self.scope_ != "location" or self.hops or self.hop.expected_ns:
            raise ValueError(
                "the Cache API has no tiers and no hop; write read_latency, or take the"
                " layer cdn with a scope"
            )
        return self

    @property
    @override
    def streams(self) -> bool:
        return False

    @property
    @override
    def noun(self) -> str:
        return "the Cache API"

    @override
    def waits_before(self) -> Iterator[Wait]:
        yield Wait("match", self.read_latency.expected_ns, is_lookup=True)

    @override
    def waits_after(self) -> Iterator[Wait]:
        return self.waits_until_visible() if self.acknowledge == "await" else iter(())

    @override
    def waits_until_visible(self) -> Iterator[Wait]:
        yield Wait(_PUT, self.write_latency.expected_ns)

    @override
    def answering(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, cache = context.clock, LocationCache(self, context)
        reads = context.sampler(self.read_latency, "read_latency")
        writes = context.sampler(self.write_latency, "write_latency")
        tell = context.tell
        waits, stay_active = self.acknowledge == "await", context.domains.stay_active

        def match(request: Request) -> Steps:
            takes_ns = reads.draw(request.id, request.attempt)
            if takes_ns:
                yield clock.after(takes_ns, START, request)
            key, asked_at_ns = cache.key_of(request), clock.now_ns
            fresh = cache.fresh(key)
            if fresh is not None:
                return fresh.hit()
            answer = yield from fetch(request)
            if not self.lifetime_ns(answer):
                return answer

            def store(_: object) -> None:
                cache.keep(key, answer, asked_at_ns, clock.now_ns)

            takes_ns = writes.draw(request.id, request.attempt)
            done = clock.after(takes_ns, COMPLETE, request)
            done.callbacks.append(store)
            if tell is not None:
                tell(request, _PUT, clock.now_ns + takes_ns, is_awaited=waits)
            if waits:
                yield done
            else:
                stay_active(request, clock.now_ns + takes_ns)
            return answer

        return match
