"""memory: keeps answers in the memory of an isolate, or of an object."""

from typing import ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl, own_lifetime_ns
from simcoalesce.model.storing_layer import StoringLayer
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration


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

    @property
    @override
    def needs_simpy(self) -> str:
        if self.initial is not None:
            return "initial"
        return "max_entries" if self.max_entries is not None else ""

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, domain_of = context.clock, context.domains.domain_of
        ttl_ns, error_ttl = self.ttl_ns, self.error_ttl
        served_by = context.recorder.code_of("memory")

        def stored(answer: Answer) -> tuple[int, Answer]:
            return answer.generated_at_ns + ttl_ns, answer.as_hit(served_by)

        store = self.own_store(context, ttl_ns, stored)
        used, put = store.get, store.put

        def remember(request: Request) -> Steps:
            found = used(domain_of(request), request.key)
            if found is not None and clock.now_ns < found[0]:
                return found[1]
            answer = yield from fetch(request)
            stays_ns = own_lifetime_ns(answer, ttl_ns, error_ttl)
            if stays_ns:
                kept = clock.now_ns + stays_ns, answer.as_hit(served_by)
                put(domain_of(request), request.key, kept)
            return answer

        return remember
