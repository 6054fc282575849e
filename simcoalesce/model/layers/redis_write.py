"""redis.write: sets answers in Redis."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import NEVER_NS, Fetch, Steps
from simcoalesce.model.kv import Entry
from simcoalesce.model.layer import Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl, jittered_ns, own_lifetime_ns
from simcoalesce.model.redis import SET, RedisClient, expires_at_ns
from simcoalesce.model.scope import Scope
from simcoalesce.model.storing_layer import StoringLayer
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, Ratio


class RedisWrite(StoringLayer):
    """A `SET PX ttl` of each answer; all can read it from the middle of its latency on.

    The ttl runs from each SET, so that a later one renews it. Redis reckons in whole
    milliseconds: what has PX n lives n to n + 1 ms.
    """

    section: ClassVar[str] = "redis"
    scope: ClassVar[Scope] = Scope.EVERYWHERE
    store: ClassVar[str] = "Redis"
    not_modelled: ClassVar[Sequence[str]] = ("a Redis server that is busy or fails",)
    says_stored: ClassVar[str] = "its SET in Redis starts"

    kind: Literal["redis.write"] = "redis.write"
    latency: Latency = default("0.5ms")
    """Time of a command, there and back."""
    ttl_ns: PositiveDuration = default("60s")
    """How long a value lives, from its SET on."""
    soft_ttl_ns: PositiveDuration | None = None
    """From which age on a value is refreshed when it is served; never if absent."""
    error_ttl: ErrorTtl = Field(default_factory=dict)
    """How long an error lives, e.g. {404: 60s}; others are not stored."""
    ttl_jitter_ratio: Ratio = default("0%")
    """Each SET's ttl is up to this share shorter or longer, at random."""
    acknowledge: Literal["await", "background"] = "await"
    """Whether the answer waits for the SET."""

    @model_validator(mode="after")
    def _soft_is_shorter(self) -> "RedisWrite":
        if self.soft_ttl_ns is not None and self.soft_ttl_ns >= self.ttl_ns:
            raise ValueError(
                "soft_ttl is not shorter than ttl, and a value would be gone before it"
                " is refreshed; write e.g. soft_ttl: 10s, ttl: 60s"
            )
        return self

    @property
    @override
    def resumptions(self) -> int:
        return int(self.acknowledge == "await")

    @override
    def waits_after(self) -> Iterable[Wait]:
        if self.acknowledge == "await":
            yield Wait(SET, self.latency.expected_ns)

    @override
    def waits_until_visible(self) -> Iterable[Wait]:
        yield Wait(SET, self.latency.expected_ns / 2)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, server = context.clock, context.redis
        server.values = self.one_store(context, self.ttl_ns, self._as_set)
        self.keep(server, context)
        latency = context.sampler(self.latency, "latency")
        count = context.recorder.counter("redis_commands")
        waits, tell = self.acknowledge == "await", context.tell
        client = RedisClient(clock, latency, count, tell)
        jitter, stream = self.ttl_jitter_ratio, context.stream("ttl_jitter")
        stay_active = context.domains.stay_active

        def write(request: Request) -> Steps:
            asked_at_ns = clock.now_ns
            answer = yield from fetch(request)
            ttl_ns = own_lifetime_ns(answer, self.ttl_ns, self.error_ttl)
            took_ns = clock.now_ns - asked_at_ns
            if not ttl_ns:
                return answer
            if jitter:
                uniform = stream.uniform(request.id, request.attempt)
                ttl_ns = jittered_ns(ttl_ns, jitter, uniform)

            def put() -> None:
                entry = self._entry(answer, clock.now_ns, ttl_ns, took_ns)
                server.set(request.key, entry)

            def stored() -> Steps:
                yield from client.put(request, put)
                return answer

            if waits:
                return (yield from stored())
            until_ns = clock.now_ns + client.takes_ns(request)
            if tell is not None:
                tell(request, SET, until_ns, is_awaited=False)
            stay_active(request, until_ns)
            clock.start(stored())
            return answer

        return write

    def _as_set(self, answer: Answer) -> Entry:
        """Return what was set when the origin made it."""
        return self._entry(answer, answer.generated_at_ns, self.ttl_ns, 0)

    def _entry(
        self, answer: Answer, set_at_ns: int, ttl_ns: int, took_ns: int
    ) -> Entry:
        soft_until_ns = NEVER_NS
        if self.soft_ttl_ns is not None and answer.ok:
            soft_until_ns = set_at_ns + self.soft_ttl_ns
        return Entry(
            answer,
            order=0,
            put_at_ns=set_at_ns,
            expires_at_ns=expires_at_ns(set_at_ns, ttl_ns),
            took_ns=took_ns,
            soft_until_ns=soft_until_ns,
        )
