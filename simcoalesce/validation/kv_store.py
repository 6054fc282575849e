"""The KV store of the testbed: the scenario's namespace behind a real KV binding.

Reads and puts take their time, and see and show what the scenario says: the local
store of the runtime answers at once, and would hide the very thing that is studied.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from simcoalesce.model.answer import Answer
from simcoalesce.model.kv import Entry, Namespace
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.validation.http import Message, Response
from simcoalesce.validation.model_time import ModelTime
from simcoalesce.validation.timer_lag import TimerLag

_NO_CONTENT: Final = Answer(200, Lookup.MISS, Role.LEADER, 0, 0)
"""The model's entry needs an answer; here the body is kept beside it."""


class _Reads:
    """The reads of one side of the path: what they see, and how long they take."""

    def __init__(self, layer: KvRead, context: LayerContext) -> None:
        self.reads_at_end = layer.read_at == "end"
        self.copies = layer.copy_rules
        self._hot = context.sampler(layer.read_latency, "latency")
        cold = layer.cold_read_latency
        self._cold = None if cold is None else context.sampler(cold, "cold_latency")
        self._hot_for_ns = layer.hot_for_ns
        self._reads = 0

    def takes_ns(self, store: Namespace, key: int, location: int, at_ns: int) -> int:
        """Return how long the next read takes: the binding does not say whose it is."""
        self._reads += 1
        is_cold = self._cold is not None and not store.is_hot(
            key, location, at_ns, self._hot_for_ns
        )
        sampler = self._cold if self._cold is not None and is_cold else self._hot
        return sampler.draw(self._reads)


class _Puts:
    """The puts of one side of the path: how long they take, spread, and live."""

    def __init__(self, layer: KvWrite, context: LayerContext) -> None:
        self.per_s = layer.writes_per_key_per_s
        self._latency = context.sampler(layer.write_latency, "latency")
        self._propagation = context.sampler(layer.propagation, "propagation")
        self._ttl_ns, self._jitter_ratio = layer.ttl_ns, layer.ttl_jitter_ratio
        self._jitter = context.stream("ttl_jitter")
        self._puts = 0

    def next_ns(self) -> tuple[int, int, int]:
        """Return how long the next put takes, spreads, and lives."""
        self._puts += 1
        swing = self._jitter_ratio * (2 * self._jitter.uniform(self._puts) - 1)
        return (
            self._latency.draw(self._puts),
            self._propagation.draw(self._puts),
            round(self._ttl_ns * (1 + swing)),
        )


class KvStore:
    """A KV namespace behind the protocol of the worker's KV binding."""

    def __init__(
        self,
        path: Sequence[Layer],
        contexts: Sequence[LayerContext],
        time: ModelTime,
        timer_lag: TimerLag,
    ) -> None:
        self.usage: Counter[str] = Counter()
        self._time = time
        self._timer_lag = timer_lag
        self._store = Namespace(len(contexts[0].locations))
        self._key_of = {key: number for number, key in enumerate(contexts[0].keys)}
        self._bodies: dict[int, bytes] = {}
        self._reads_of: dict[str, _Reads] = {}
        self._puts_of: dict[str, _Puts] = {}
        side = "isolate"
        for layer, context in zip(path, contexts, strict=True):
            if isinstance(layer, DurableObject):
                side = "object"
            elif isinstance(layer, KvRead):
                self._reads_of[side] = _Reads(layer, context)
            elif isinstance(layer, KvWrite):
                self._puts_of[side] = _Puts(layer, context)

    async def handle(self, message: Message) -> Response:
        """Do what a binding asks for: a read, or a put."""
        method, target, _ = message.first_line.split(" ")
        url = urlsplit(target)
        key = self._key_of.get(unquote(url.path[1:]), 0)
        side, location = message.headers["kv-scope"].split("/")
        if method == "GET":
            return await self._get(self._reads_of[side], key, int(location))
        put = self._put(self._puts_of[side], key, int(location), message.body)
        return await put

    async def _get(self, reads: _Reads, key: int, location: int) -> Response:
        at_ns = self._time.now_ns()
        self.usage["kv_reads"] += 1
        answers_at_ns = at_ns + reads.takes_ns(self._store, key, location, at_ns)
        if reads.reads_at_end:
            await self._time.until(answers_at_ns)
            at_ns = self._time.now_ns()
        entry = self._store.lookup(key, location, at_ns, reads.copies)
        await self._time.until(answers_at_ns)
        self._timer_lag.note(answers_at_ns, self._time.now_ns())
        if entry is None or at_ns >= entry.expires_at_ns:
            return Response(404)
        return Response(200, self._bodies[entry.order])

    async def _put(self, puts: _Puts, key: int, location: int, body: bytes) -> Response:
        at_ns = self._time.now_ns()
        takes_ns, spreads_ns, ttl_ns = puts.next_ns()
        is_taken = self._store.admits_put(key, at_ns, puts.per_s)
        self.usage["kv_writes" if is_taken else "kv_writes_refused"] += 1
        done_at_ns = at_ns + takes_ns
        if is_taken:
            order = self._store.next_order()
            self._bodies[order] = body
            entry = Entry(
                _NO_CONTENT,
                order=order,
                put_at_ns=at_ns,
                expires_at_ns=at_ns + ttl_ns,
            )
            visible_at = (done_at_ns, done_at_ns + spreads_ns)
            self._store.put(key, location, entry, visible_at=visible_at)
        await self._time.until(done_at_ns)
        self._timer_lag.note(done_at_ns, self._time.now_ns())
        return Response(200 if is_taken else 429)
