"""memory: keeps answers in the memory of an isolate, or of an object."""

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import NEVER_NS, Fetch, Steps
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl, jittered_ns, own_lifetime_ns
from simcoalesce.model.store import Store
from simcoalesce.model.storing_layer import StoringLayer
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, Ratio


class Memory(StoringLayer):
    """A map of values in the memory of an isolate or an object; a lookup takes no time.

    What an object held in its memory before the run, it has lost.
    """

    looks_up: ClassVar[bool] = True
    is_purged: ClassVar[bool] = False
    says_found: ClassVar[str] = "the value is in memory"
    says_stored: ClassVar[str] = "it is kept in memory"
    says_error: ClassVar[str] = ""

    kind: Literal["memory"] = "memory"
    ttl_ns: PositiveDuration = default("60s")
    """How long a value may be served, from the moment that it came."""
    error_ttl: ErrorTtl = Field(default_factory=dict)
    """How long an error may be served, e.g. {404: 30s}; others are not kept."""
    ttl_jitter_ratio: Ratio = default("0%")
    """Each value's ttl is up to this share shorter or longer, at random."""

    invalidation: Literal["none", "tracking"] = "none"
    """Whether Redis tells it that a value was set, purged or has expired (CLIENT
    TRACKING), and it drops its own then."""

    @property
    @override
    def needs_simpy(self) -> str:
        if self.invalidation == "tracking" and self.max_entries is not None:
            return "max_entries beside invalidation: tracking"
        return self.start_needs_simpy

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, domain_of = context.clock, context.domains.domain_of
        ttl_ns, error_ttl = self.ttl_ns, self.error_ttl
        served_by = context.recorder.code_of("memory")

        def stored(answer: Answer) -> tuple[int, Answer]:
            return answer.generated_at_ns + ttl_ns, answer.as_hit(served_by)

        store = self.own_store(context, ttl_ns, stored)
        used, put = store.get, store.put
        expires_at_ns = self._tracking(store, context)
        jitter, stream = self.ttl_jitter_ratio, context.stream("ttl_jitter")

        def remember(request: Request) -> Steps:
            found = used(domain_of(request), request.key)
            if found is not None and clock.now_ns < found[0]:
                return found[1]
            answer = yield from fetch(request)
            stays_ns = own_lifetime_ns(answer, ttl_ns, error_ttl)
            if stays_ns:
                if jitter:
                    uniform = stream.uniform(request.id, request.attempt)
                    stays_ns = jittered_ns(stays_ns, jitter, uniform)
                until_ns = min(clock.now_ns + stays_ns, expires_at_ns(request))
                kept = until_ns, answer.as_hit(served_by)
                put(domain_of(request), request.key, kept)
            return answer

        return remember

    def _tracking(
        self, store: Store[tuple[int, Answer]], context: LayerContext
    ) -> Callable[[Request], int]:
        """Have Redis invalidate a store; return when what it has of a key expires."""
        if self.invalidation == "none":
            return lambda _: NEVER_NS
        redis = context.redis

        def expires_at_ns(request: Request) -> int:
            entry = redis.get(request.key)
            return context.clock.now_ns if entry is None else entry.expires_at_ns

        redis.tracked_by.append(store)
        return expires_at_ns
