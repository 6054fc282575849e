"""kv.write: puts answers into the namespace."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.distribution import Constant, Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import LASTING, WARM, Removals
from simcoalesce.model.clock import COMPLETE, Fetch, Steps
from simcoalesce.model.initial import Initial
from simcoalesce.model.kv import Entry
from simcoalesce.model.layer import Layer, LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl, jittered_ns, own_lifetime_ns
from simcoalesce.model.scope import Scope
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import OptionalRate, PositiveDuration, Ratio

_REFUSED: Final = LayerEvent(
    "writes_refused",
    "kv_writes_refused",
    "write",
    "KV refuses {number}, to keys that have just been written.",
)
_WRITE: Final = "KV write"
_REFUSED_WRITE: Final = "refused KV write"


class KvWrite(Layer):
    """A put is visible where it is written after its latency, elsewhere later still.

    The entry expires an absolute time after the put was issued. A put beyond the
    per-key limit is refused in the time that it would have taken.
    """

    section: ClassVar[str] = "kv"
    scope: ClassVar[Scope] = Scope.LOCATION
    store: ClassVar[str] = "KV"
    stores: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = (_REFUSED,)
    says_stored: ClassVar[str] = "its write to KV starts"
    not_modelled: ClassVar[Sequence[str]] = ("KV's regional tiers",)
    says_error: ClassVar[str] = ""

    kind: Literal["kv.write"] = "kv.write"
    write_latency: Latency = default("80ms")
    """Time from a put until it is acknowledged, and visible where it was made."""
    ttl_ns: PositiveDuration = default("60s")
    """How long an entry may be served, from the put on."""
    error_ttl: ErrorTtl = Field(default_factory=dict)
    """How long an error may be served, e.g. {404: 30s}, for code that stores errors;
    others are not put."""
    ttl_jitter_ratio: Ratio = default("0%")
    """Each put's ttl is up to this share shorter or longer, at random."""
    propagation: Latency = default("0ms")
    """Further time until other locations can read a put."""
    writes_per_key_per_s: OptionalRate = default("1/s")
    """Puts of one key that the store takes; `unlimited` for a store without limit."""
    on_refused: Literal["ignore", "fail"] | None = None
    """Whether code catches a refused put, or fails the request (500) that awaits it;
    if absent, `fail` where it is awaited and `ignore` in the background."""
    initial: Initial | None = None
    """What KV holds when the run begins; nothing if absent."""
    acknowledge: Literal["await", "background"] = "await"
    """Whether the answer waits for the put."""

    @property
    @override
    def resumptions(self) -> int:
        return int(self.acknowledge == "await")

    @property
    @override
    def held_at_start(self) -> str:
        return self.initial.keys_text if self.initial else ""

    @property
    def fails_if_refused(self) -> bool:
        """Whether a refused put fails the request that awaits it."""
        return self.acknowledge == "await" and self.on_refused != "ignore"

    @property
    @override
    def least_write_ns(self) -> int:
        latency = self.write_latency
        return latency.value_ns if isinstance(latency, Constant) else 0

    @override
    def causes(self) -> Removals:
        return {
            "slow_write": {"write_latency": "0ms"},
            "propagation": {"propagation": "0ms"},
            "refused_writes": {"writes_per_key": "unlimited"},
            "expiry": {"ttl": LASTING, "ttl_jitter": "0%"},
            "cold_key": {"initial": WARM},
        }

    @override
    def can_happen(self) -> Iterable[LayerEvent]:
        return () if self.writes_per_key_per_s is None else self.events

    @override
    def waits_after(self) -> Iterable[Wait]:
        return self.waits_until_visible() if self.acknowledge == "await" else ()

    @override
    def waits_until_visible(self) -> Iterable[Wait]:
        return (Wait(_WRITE, self.write_latency.expected_ns),)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, usage = context.clock, context.recorder.usage
        self.keep(context.kv, context)
        self._fill(context)
        served_by = context.recorder.code_of("kv")
        latency = context.sampler(self.write_latency, "latency")
        put, refused = self._putting(context), context.recorder.note(_REFUSED.unit)
        ttl_ns, error_ttl = self.ttl_ns, self.error_ttl
        waits, fails = self.acknowledge == "await", self.fails_if_refused
        stay_active, tell = context.domains.stay_active, context.tell

        def write(request: Request) -> Steps:
            asked_at_ns = clock.now_ns
            answer = yield from fetch(request)
            stays_ns = own_lifetime_ns(answer, ttl_ns, error_ttl)
            if not stays_ns:
                return answer
            takes_ns = latency.draw(request.id, request.attempt)
            is_taken = put(
                request, answer, stays_ns, takes_ns, clock.now_ns - asked_at_ns
            )
            if is_taken:
                usage.kv_writes += 1
            else:
                usage.kv_writes_refused += 1
                refused.happened()
            until_ns = clock.now_ns + takes_ns
            if tell is not None:
                name = _WRITE if is_taken else _REFUSED_WRITE
                tell(request, name, until_ns, is_awaited=waits)
            if not waits:
                stay_active(request, until_ns)
            else:
                yield clock.after(takes_ns, COMPLETE, request)
                if fails and not is_taken:
                    return answer._replace(
                        status=500, served_by=served_by, generated_at_ns=clock.now_ns
                    )
            return answer

        return write

    def _fill(self, context: LayerContext) -> None:
        """Put what KV holds when the run begins."""
        kv = context.kv
        for key, answer, expires_at_ns in self.held(context):
            put_at_ns = answer.generated_at_ns
            kv.fill(key, Entry(answer, kv.next_order(), put_at_ns, expires_at_ns))

    def held(self, context: LayerContext) -> Iterator[tuple[int, Answer, int]]:
        """Yield what KV holds when the run begins: keys, answers, and their ends."""
        if self.initial is not None:
            for key, answer in self.initial.answers(context, 0, self.ttl_ns):
                yield key, answer, answer.generated_at_ns + self.ttl_ns

    def _putting(
        self, context: LayerContext
    ) -> Callable[[Request, Answer, int, int, int], bool]:
        clock, kv, location_of = context.clock, context.kv, context.domains.location_of
        propagation = context.sampler(self.propagation, "propagation")
        spreads = propagation.constant_ns != 0
        jitter, stream = self.ttl_jitter_ratio, context.stream("ttl_jitter")
        per_s = self.writes_per_key_per_s

        def put(
            request: Request, answer: Answer, stays_ns: int, takes_ns: int, took_ns: int
        ) -> bool:
            now_ns = clock.now_ns
            if per_s is not None and not kv.admits_put(request.key, now_ns, per_s):
                return False
            if jitter:
                uniform = stream.uniform(request.id, request.attempt)
                stays_ns = jittered_ns(stays_ns, jitter, uniform)
            entry = Entry(answer, kv.next_order(), now_ns, now_ns + stays_ns, took_ns)
            here_ns = there_ns = now_ns + takes_ns
            if spreads:
                there_ns += propagation.draw(request.id, request.attempt)
            kv.put(request.key, location_of(request), entry, (here_ns, there_ns))
            return True

        return put
