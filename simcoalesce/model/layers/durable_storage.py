"""durable_storage: a value that an object keeps in its storage, where it lasts."""

from collections.abc import Iterator
from typing import ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import LASTING, WARM, Removals
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.domains import Domains
from simcoalesce.model.initial import Initial
from simcoalesce.model.layer import Layer, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl, own_lifetime_ns
from simcoalesce.model.objects import Objects
from simcoalesce.model.store import Store
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration

_ALL: Final = 0
"""One store for all objects: an object stands for its keys for ever, so a key alone
says whose value it is."""
_GET: Final = "get of the object"
_PUT: Final = "put of the object"


class DurableStorage(Layer):
    """The storage of an object: its code gets a value from it, or fetches and puts one.

    What is stored is still there when the object has lost its memory, by eviction or by
    a reset. While a get or a put is awaited, the object's gate is shut: others queue.
    The answer waits for the put. Simplification: so does one that the code does not
    await, which the output gate holds back for as long, while others get in.

    Source: developers.cloudflare.com/durable-objects, "Access Durable Objects Storage",
    "Lifecycle", and "Pricing" (each get is a row read, each put a row written), read
    2026-11-30.
    """

    looks_up: ClassVar[bool] = True
    stores: ClassVar[bool] = True
    needs_object: ClassVar[bool] = True
    is_purged: ClassVar[bool] = False
    says_found: ClassVar[str] = "the object's storage has the value"
    says_stored: ClassVar[str] = "it is put into the object's storage"
    says_error: ClassVar[str] = ""

    kind: Literal["durable_storage"] = "durable_storage"
    ttl_ns: PositiveDuration = default("60s")
    """How long a value may be served, from the end of its put on."""
    error_ttl: ErrorTtl = Field(default_factory=dict)
    """How long an error may be served, e.g. {404: 30s}; others are not stored."""
    read_latency: Latency = default("0ms")
    """How long a get is awaited; meanwhile others queue."""
    write_latency: Latency = default("0ms")
    """How long a put is awaited; meanwhile others queue."""
    initial: Initial | None = None
    """What is stored when the run begins; nothing if absent."""

    @override
    def causes(self) -> Removals:
        return {
            "cold_key": {"initial": WARM},
            "expiry": {"ttl": LASTING},
            "slow_write": {"write_latency": "0ms"},
        }

    @property
    @override
    def noun(self) -> str:
        return "the object's storage"

    @property
    @override
    def held_at_start(self) -> str:
        return self.initial.keys_text if self.initial else ""

    @override
    def waits_before(self) -> Iterator[Wait]:
        yield Wait(_GET, self.read_latency.expected_ns, is_lookup=True)

    @override
    def waits_after(self) -> Iterator[Wait]:
        yield Wait(_PUT, self.write_latency.expected_ns)

    @override
    def waits_until_visible(self) -> Iterator[Wait]:
        return self.waits_after()

    @override
    def inside(self, context: LayerContext) -> Domains:
        takes = [
            context.sampler(self.read_latency, "read_latency"),
            context.sampler(self.write_latency, "write_latency"),
        ]
        if any(one.constant_ns != 0 for one in takes):
            self._objects(context).shuts = True
        return context.domains

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, objects = context.clock, self._objects(context)
        tell = context.tell
        reads = context.sampler(self.read_latency, "read_latency")
        writes = context.sampler(self.write_latency, "write_latency")
        count_get = context.recorder.counter("object_rows_read")
        count_put = context.recorder.counter("object_rows_written")
        served_by = context.recorder.code_of(self.served_by)
        store = Store(fill=lambda _: self.held(context))
        self.keep(store, context)

        def get(request: Request) -> Steps:
            count_get()
            takes_ns = reads.draw(request.id, request.attempt)
            if takes_ns:
                yield from objects.await_storage(request, takes_ns, tell, _GET)
            found = store.get(_ALL, request.key)
            if found is not None and clock.now_ns < found[0]:
                return found[1]
            answer = yield from fetch(request)
            stays_ns = own_lifetime_ns(answer, self.ttl_ns, self.error_ttl)
            if stays_ns:
                count_put()
                takes_ns = writes.draw(request.id, request.attempt)
                if takes_ns:
                    yield from objects.await_storage(request, takes_ns, tell, _PUT)
                kept = clock.now_ns + stays_ns, answer.as_hit(served_by)
                store.put(_ALL, request.key, kept)
            return answer

        return get

    def held(self, context: LayerContext) -> Iterator[tuple[int, tuple[int, Answer]]]:
        """Yield what is stored at the start: keys, each with its end and its hit."""
        if self.initial is None:
            return
        served_by = context.recorder.code_of(self.served_by)
        for key, answer in self.initial.answers(context, _ALL, self.ttl_ns):
            ends_at_ns = answer.generated_at_ns + self.ttl_ns
            yield key, (ends_at_ns, answer.as_hit(served_by))

    def _objects(self, context: LayerContext) -> Objects:
        domains = context.domains
        objects = getattr(domains, "inside", domains)
        if not isinstance(objects, Objects):
            raise ValueError(  # noqa: TRY004 - a path that is wrong
                f"{context.label}: it is inside an object; put durable_object before it"
            )
        return objects
