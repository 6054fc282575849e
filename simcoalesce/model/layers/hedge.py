"""hedge: asks again while it waits, and takes the first success."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import Clock, Fetch, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.parallel_calls import ParallelCalls
from simcoalesce.model.retry_budget import BudgetedLayer
from simcoalesce.model.scope import Scope
from simcoalesce.model.seen_latencies import Delay, SeenLatencies, SeenQuantile
from simcoalesce.request import Request

_FURTHER: Final = LayerEvent(
    "hedges",
    "hedges",
    "call",
    "Further calls are sent while the first is under way: {number}.",
)


class Hedge(BudgetedLayer):
    """A further call after a delay without an answer; the first success is the answer.

    Behind a layer that lets misses share a fetch nothing is gained in front of it: the
    further call joins the first. Source: gRPC proposal A6 (hedging policy); Dean and
    Barroso, *The Tail at Scale*, CACM 56(2), 2013.
    """

    scope: ClassVar[Scope] = Scope.ANYWHERE
    asks_again: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = (_FURTHER,)
    calls_together: ClassVar[bool] = True
    may_repeat: ClassVar[bool] = True
    not_modelled: ClassVar[Sequence[str]] = ("which server a hedge is sent to",)

    kind: Literal["hedge"] = "hedge"
    after: Delay
    """How long to wait for an answer before a further call, and before the next: a
    duration, or {quantile: p95, at_first: 80ms} of the latencies that it has seen."""
    most: Annotated[int, Field(ge=1, le=100)] = 2
    """Calls in all, the first included; gRPC takes at most 5."""
    cancels: bool = True
    """Whether calls that are no longer needed end; the origin serves them all the same.
    Otherwise they go on behind it."""
    on: tuple[Annotated[int, Field(ge=400, le=599)], ...] = (429, 500, 502, 503, 504)
    """Which answers are failures; any other one is the answer."""
    on_failure: Literal["final", "next"] = "final"
    """final: a failure is the answer if no other call is under way, and else the others
    are awaited; next: the next call starts at once (gRPC's nonFatalStatusCodes)."""

    @property
    @override
    def most_calls(self) -> int:
        return self.most

    @property
    @override
    def says_waiting(self) -> str:
        return "delay of the hedge"

    @property
    @override
    def shares_between_keys(self) -> str:
        if isinstance(self.after, SeenQuantile):
            return "the latencies that hedges have seen"
        return "" if self.budget_ratio is None else "the budget of hedges"

    @override
    def causes(self) -> Removals:
        return {"retries": None}

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, usage = context.clock, context.recorder.usage
        budget, seen = self.running_budget(clock), SeenLatencies(self.after)
        further = context.recorder.note(_FURTHER.unit)
        timed, is_client = self._timed(fetch, clock, seen), context.is_client

        def hedged(request: Request) -> Steps:
            budget.earn()
            delay_ns = seen.delay_ns
            calls = ParallelCalls(clock, timed, request, self.most)
            calls.call()
            calls.call_is_due_after(delay_ns)
            try:
                while True:
                    if not calls.has_news:
                        yield calls.news()
                    answer = calls.take()
                    if answer is not None and answer.status not in self.on:
                        return answer._replace(attempts=calls.attempts)
                    is_due = answer is None or self.on_failure == "next"
                    if is_due and calls.count < self.most and budget.pays():
                        usage.worker_requests += is_client
                        further.happened()
                        calls.call()
                        calls.call_is_due_after(delay_ns)
                    if answer is not None and calls.is_over:
                        return answer._replace(attempts=calls.attempts)
            finally:
                if self.cancels:
                    calls.stop()

        return hedged

    def _timed(self, fetch: Fetch, clock: Clock, seen: SeenLatencies) -> Fetch:
        """Return the way of one call, whose latency is seen unless it fails."""

        def timed(request: Request) -> Steps:
            began_at_ns = clock.now_ns
            answer: Answer | None = None
            try:
                answer = yield from fetch(request)
            finally:
                # Of a call that is stopped, it is the time until then.
                if answer is None or answer.status not in self.on:
                    seen.see(clock.now_ns - began_at_ns)
            return answer

        return timed
