"""origin: the end of every path, with latency, rate limits, a queue and faults."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import override

from simcoalesce.distribution import Constant, Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import COMPLETE, Fetch, Steps
from simcoalesce.model.fault import Fault, key_number
from simcoalesce.model.layer import Layer, LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.note import UNKEPT, Note
from simcoalesce.model.origin import FaultInjector, OriginServer, Servers
from simcoalesce.model.rate_limit import RateLimit, RateLimits, RunningLimit
from simcoalesce.model.retry_after import RetryAfter
from simcoalesce.model.scope import Scope
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler
from simcoalesce.spec import default
from simcoalesce.units import (
    Duration,
    OptionalCount,
    OptionalDuration,
    OptionalPositiveCount,
    PositiveDuration,
    Size,
)

_SERVICE: Final = "origin"
_QUEUE: Final = "queue of the origin"


def _listed(value: Any) -> Any:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


Lifetimes = Annotated[tuple[Latency, ...], BeforeValidator(_listed)]
"""A lifetime, or a list of them."""


def _faults(written: Sequence[Mapping[str, Any]], *, if_bad: bool) -> list[Any]:
    """Return the faults that answer badly, or those that are only slow."""
    return [one for one in written if (one["status"] >= 400) is if_bad]


def _lasting(written: Sequence[Any]) -> list[Any]:
    """Return lifetimes without those that forbid to store an answer."""
    return [one for one in written if one != "0ms"]


class Origin(Layer):
    """The server behind the edge: it answers the calls that it admits, in order."""

    scope: ClassVar[Scope] = Scope.ORIGIN
    says_error: ClassVar[str] = ""

    kind: Literal["origin"] = "origin"
    latency: Latency
    """Time from a call to the headers of its answer, once it is being served."""
    body: Latency = default("0ms")
    """Time from the headers until the body is complete; an error has none."""
    latency_of: dict[str, Latency] = Field(default_factory=dict)
    """The latency of keys that have their own, by name."""
    concurrency: OptionalPositiveCount = default("unlimited")
    """How many calls it serves at once; the others queue."""
    queue_limit: OptionalCount = default("unlimited")
    """How many calls may wait; beyond that it answers 503."""
    queue_timeout_ns: OptionalDuration = default("unlimited")
    """How long a call may wait; then it is answered 503, and takes no server."""
    rate_limit: RateLimits = default("unlimited")
    """When it answers 429: one limit, a list, or a preset such as stripe-live."""
    rejects_in: Latency = default("10ms")
    """Time to say 429 or 503; with 0ms nobody can join a flight that is refused, since
    it lands at the instant at which it opens."""
    retry_after_ns: RetryAfter = default("none")
    """What a 429 says of when to come back: none, exact, or a duration."""
    faults: tuple[Fault, ...] = ()
    """Its bad days."""
    cacheable: bool = True
    """Whether its answers may be stored."""
    max_age: Lifetimes = ()
    """How long its answers say that they may be stored (Cache-Control: max-age), which
    HTTP caches heed before their own ttl: a duration drawn for each, or a list for the
    first, second ... admitted call, the last for all others; 0s: not at all."""
    changes_at: tuple[Duration, ...] = ()
    """When its content changes (a new version each time)."""
    changes_every_ns: PositiveDuration | None = None
    """How often its content changes, besides."""
    response_size_bytes: Size = default("2KiB")
    """Size of an answer."""

    @model_validator(mode="after")
    def _a_queue_has_servers(self) -> "Origin":
        if self.queue_timeout_ns is not None and self.concurrency is None:
            raise ValueError(
                "nobody waits where all calls are served at once; write how many are,"
                " e.g. {concurrency: 20, queue_timeout: 500ms}"
            )
        return self

    @override
    def causes(self) -> Removals:
        slow = {"latency": "0ms", "latency_of": {}, "body": "0ms"}
        served = dict.fromkeys(
            ("concurrency", "queue_limit", "queue_timeout"), "unlimited"
        )
        return {
            "slow_origin": slow,
            "rate_limit": {"rate_limit": []},
            "load_above_limit": {"rate_limit": []},
            "origin_queue": served,
            "uncacheable": {"cacheable": True, "max_age": _lasting},
            "origin_fault": {"faults": partial(_faults, if_bad=False)},
            "slow_spell": {"faults": partial(_faults, if_bad=True)},
        }

    @property
    @override
    def streams(self) -> bool:
        return not isinstance(self.body, Constant) or self.body.value_ns > 0

    @property
    @override
    def resumptions(self) -> int:
        # Its head, and its body.
        return 2

    @property
    @override
    def is_cacheable(self) -> bool:
        return self.cacheable

    @property
    @override
    def rate_limits(self) -> Sequence[RateLimit]:
        return self.rate_limit

    @property
    @override
    def never_refuses(self) -> bool:
        return not self.rate_limit and not self.faults

    @property
    @override
    def refuses_at_once(self) -> bool:
        return isinstance(self.rejects_in, Constant) and not self.rejects_in.value_ns

    @override
    def can_happen(self) -> Iterator[LayerEvent]:
        return self.events_as("", "the origin")

    def events_as(self, part: str, noun: str) -> Iterator[LayerEvent]:
        """Return its events, if it is a part of several origins or the only one.

        Args:
            part: A point and its name, if it is one of several.
            noun: What sentences call it.
        """
        if self.concurrency is not None:
            yield LayerEvent(
                f"origin{part}_queue",
                f"origin{part}.waits",
                "call",
                f"Calls wait for {noun}, which serves {self.concurrency:,} at once:"
                " {number}, at most {most} in line, for {longest} at most.",
            )
        for index, fault in enumerate(self.faults):
            yield LayerEvent(
                f"origin{part}_fault[{index}]",
                f"origin{part}.faults[{index}]",
                "call",
                f"A fault of {noun}: {fault.says}. It strikes {{number}}.",
            )

    @override
    def waits_before(self) -> Iterator[Wait]:
        yield Wait(_SERVICE, self.latency.expected_ns)
        yield Wait("body", self.body.expected_ns, is_body=True)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        server = self._server(context)
        clock, recorder, usage = context.clock, context.recorder, context.recorder.usage
        served_by = recorder.code_of("origin")
        changes = tuple(sorted(self.changes_at))
        every_ns, cacheable = self.changes_every_ns, self.cacheable
        size_bytes, tell = self.response_size_bytes, context.tell

        def call(request: Request) -> Steps:
            now_ns = clock.now_ns
            reply = server.receive(request, now_ns)
            status, completed_at_ns, retry_after_ns, body_ns, max_age_ns, may, _ = reply
            headers_at_ns = completed_at_ns - body_ns
            answer = Answer(
                status,
                Lookup.MISS,
                Role.LEADER,
                served_by,
                headers_at_ns,
                1,
                bisect_right(changes, now_ns) + (now_ns // every_ns if every_ns else 0),
                cacheable and may,
                retry_after_ns,
                completed_at_ns,
                max_age_ns,
            )
            recorder.called(request, now_ns, completed_at_ns, answer)
            if status < 400:
                usage.response_bytes += size_bytes
            if tell is not None:
                tell(request, _QUEUE, now_ns + reply.queued_ns)
                tell(request, _SERVICE, headers_at_ns)
            yield clock.after(headers_at_ns - now_ns, COMPLETE, request)
            return answer

        return call

    def _server(self, context: LayerContext) -> OriginServer:
        return OriginServer(
            latency=context.sampler(self.latency, "latency"),
            latency_of=self.own_latency(context),
            body=context.sampler(self.body, "body") if self.streams else None,
            max_age=self.lifetimes(context),
            rejects_in=context.sampler(self.rejects_in, "rejects_in"),
            limits=self.running_limits(context),
            servers=self.servers(context.recorder.note(f"{_unit(context)}.waits")),
            faults=self.fault_injector(context),
            retry_after_ns=self.retry_after_ns,
        )

    def lifetimes(self, context: LayerContext) -> list[Sampler]:
        """Return the draws of the lifetimes that its answers say."""
        return [
            context.sampler(lifetime, f"max_age[{number}]")
            for number, lifetime in enumerate(self.max_age)
        ]

    def running_limits(self, context: LayerContext) -> list[RunningLimit]:
        """Return its rate limits at the start of a run."""
        return [RunningLimit(limit, context.keys) for limit in self.rate_limit]

    def fault_injector(self, context: LayerContext) -> FaultInjector | None:
        """Return its faults at the start of a run, if it has any."""
        if not self.faults:
            return None

        def note(index: int) -> Note:
            return context.recorder.note(f"{_unit(context)}.faults[{index}]")

        return FaultInjector(self.faults, context.seed, context.keys, note)

    def servers(self, waits: Note = UNKEPT) -> Servers | None:
        """Return its servers at the start of a run; None if it serves all at once."""
        if self.concurrency is None:
            return None
        limits = self.queue_limit, self.queue_timeout_ns
        return Servers(self.concurrency, *limits, waits=waits)

    def own_latency(self, context: LayerContext) -> dict[int, Sampler]:
        """Return the draws of keys that have their own latency, by key.

        Raises:
            ValueError: If the traffic has no key of that name.
        """
        own: dict[int, Sampler] = {}
        for key, latency in self.latency_of.items():
            number = key_number(context.keys, key, "origin.latency_of")
            own[number] = context.sampler(latency, f"latency[{key}]")
        return own


def _unit(context: LayerContext) -> str:
    """Return what notes call an origin: one of several has a name."""
    return f"origin.{context.which}" if context.which else "origin"
