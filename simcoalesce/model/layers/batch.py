"""batch: misses that come together become one call."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, RETURN, Clock, Fetch, Signal, Steps
from simcoalesce.model.layer import Layer, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration, OptionalPositiveCount


class Batch(Layer):
    """Misses of an isolate (or object) within a time become one call, for all keys.

    The call is that of the first (its key, its draws); the others follow it, and share
    its failure. Who comes while it is under way is in the next one. Source: dataloaden
    (vektah/dataloaden, read 2026-11-30): `wait`, `maxBatch`. graphql/dataloader lets a
    full batch wait to the end of its time.
    """

    makes_wait: ClassVar[bool] = True
    joins_keys: ClassVar[bool] = True

    kind: Literal["batch"] = "batch"
    within_ns: Duration = default("0ms")
    """How long the first waits for others; who comes at the last instant is in it."""
    most: OptionalPositiveCount = default("unlimited")
    """How many keys make a batch full: it is then sent at once."""

    @property
    @override
    def shares(self) -> bool:
        # Who comes while a call is under way does not join it.
        return False

    @property
    @override
    def shares_between_keys(self) -> str:
        return "a batch"

    @property
    @override
    def says_wait(self) -> str:
        return "Misses that come in its isolate within {within} become one call."

    @override
    def waits_before(self) -> Iterable[Wait]:
        return (Wait("batch", self.within_ns),)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, domain_of = context.clock, context.domains.domain_of
        gathering: dict[int, _Gathering] = {}

        def send(domain: int, batch: _Gathering) -> None:
            if gathering.get(domain) is batch:
                del gathering[domain]
                clock.start(fetch(batch.first), batch.land)

        def batched(request: Request) -> Steps:
            domain = domain_of(request)
            batch = gathering.get(domain)
            if batch is None:
                batch = gathering[domain] = _Gathering(clock, request)
                closes = clock.after(self.within_ns, RETURN, request)
                closes.callbacks.append(lambda _: send(domain, batch))
            batch.keys.add(request.key)
            if len(batch.keys) == self.most:
                send(domain, batch)
            if batch.answer is None:
                yield batch.landed
            answer = batch.answer
            assert answer is not None, "it has landed"
            return answer.as_led() if batch.first is request else answer.as_followed()

        return batched


class _Gathering:
    """The misses of one call."""

    __slots__ = ("answer", "first", "keys", "landed")

    def __init__(self, clock: Clock, first: Request) -> None:
        self.first = first
        self.keys = set[int]()
        self.landed = Signal(clock)
        self.answer: Answer | None = None

    def land(self, answer: Answer) -> None:
        self.answer = answer
        self.landed.send(answer, ANSWER, self.first)
