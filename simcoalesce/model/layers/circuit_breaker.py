"""circuit_breaker: refuses calls for a time when many have failed."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.model.breaker import (
    Breaker,
    CallEnd,
    History,
    InARow,
    Rule,
    Shares,
    Window,
)
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.load_control import LoadControl, Refusals
from simcoalesce.model.retry_after import RetryAfter, said_ns
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveCount, PositiveDuration, Ratio

_OPENED: Final = LayerEvent(
    "breaker_opened", "breaker_opened", "time", "The circuit breaker opens: {number}."
)
_REFUSED: Final = LayerEvent(
    "breaker_refused",
    "breaker_refused",
    "request",
    "The circuit breaker refuses {number}.",
    is_error=True,
)
_FAILURES: Final = 6
_CALLS: Final = 100
_ANY: Final = 1 << 62
"""More calls than ever come."""


class CircuitBreaker(LoadControl):
    """After failures it opens, and refuses all calls (503) for a time.

    Then it is half open: it lets a few calls pass, and refuses the others. With
    `failures` it closes when all of these succeed, and opens again at one failure
    (sony/gobreaker, whose numbers are the defaults). With `ratio` it decides by the
    share of these that fail (resilience4j).

    A failure counts when it returns, and only in the state in which its call began. A
    call whose client leaves has no result, and another may pass for it. What stands in
    front with `stale_if_error` serves stale values while it is open.

    Hystrix: `{ratio: 50%, over: 10s, least_calls: 20, open_for: 5s}`. resilience4j:
    `{ratio: 50%, over_calls: 100, least_calls: 100, open_for: 60s, half_open_calls: 10,
    slow_after: 60s}`. Simplification: a window of time has no buckets.

    Source: sony/gobreaker v2, gobreaker.go; resilience4j, CircuitBreakerMetrics.java
    and CircuitBreakerStateMachine.java; Hystrix, HystrixCommandProperties.java; read
    2026-11-30.
    """

    events: ClassVar[Sequence[LayerEvent]] = (_OPENED, _REFUSED)

    kind: Literal["circuit_breaker"] = "circuit_breaker"
    failures: PositiveCount | None = None
    """How many failures in a row open it; 6 if absent and no `ratio` is said."""
    ratio: Ratio | None = None
    """Which share of the last calls opens it when they fail."""
    over_calls: PositiveCount | None = None
    """By ratio: how many calls are the last ones; 100 if no `over` is said."""
    over_ns: PositiveDuration | None = None
    """By ratio: for how long calls are among the last ones, e.g. 10s."""
    least_calls: PositiveCount = 20
    """By ratio: how many of them decide, at least; never more than `over_calls`."""
    on: tuple[Annotated[int, Field(ge=400, le=599)], ...] = (500, 502, 503, 504)
    """Which answers are failures."""
    slow_after_ns: PositiveDuration | None = None
    """Calls that take longer are slow; in a row with failures they open it as those."""
    slow_share_ratio: Ratio = default("100%")
    """By ratio: which share of the last calls opens it when they are slow."""
    open_for_ns: PositiveDuration = default("60s")
    """How long it stays open."""
    half_open_calls: PositiveCount = 1
    """How many calls it lets pass then, until it is decided."""
    retry_after_ns: RetryAfter = default("none")
    """What a refusal says of when to come back: none, exact (when it is half open), or
    a duration."""

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if self.failures is not None and self.ratio is not None:
            raise ValueError(
                "failures and ratio both say when it opens; write one of them, e.g."
                " {failures: 5} or {ratio: 50%, over: 10s}"
            )
        if self.over_calls is not None and self.over_ns is not None:
            raise ValueError("over_calls and over exclude each other; write one")
        if self.ratio is None and (self.over_calls or self.over_ns):
            raise ValueError("a window is for a ratio; write e.g. ratio: 50% as well")
        if 0.0 in {self.ratio, self.slow_share_ratio}:
            raise ValueError("a ratio of 0% is always reached; write e.g. 50%")
        return self

    @property
    @override
    def streams(self) -> bool:
        return True

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, instance_of = context.clock, self.instance_of(context)
        refusals = Refusals(self, context, "breaker_refused")
        opened = context.recorder.counter("breaker_opened")
        breakers: defaultdict[int, Breaker] = defaultdict(
            lambda: Breaker(
                history=self._history,
                open_for_ns=self.open_for_ns,
                half_open_calls=self.half_open_calls,
                opened=opened,
            )
        )
        bad = frozenset(self.on)
        slow_after_ns = self.slow_after_ns or float("inf")

        def guarded(request: Request) -> Steps:
            breaker, began_ns = breakers[instance_of(request)], clock.now_ns
            if not breaker.admits(began_ns):
                opens_in_ns = max(breaker.opens_until_ns - began_ns, 0)
                return refusals.answer(503, said_ns(self.retry_after_ns, opens_in_ns))
            generation = breaker.generation
            try:
                answer = yield from fetch(request)
            except GeneratorExit:
                breaker.withdrawn(generation)
                raise
            is_slow = clock.now_ns - began_ns > slow_after_ns
            result = CallEnd(clock.now_ns, answer.status in bad, is_slow)
            breaker.returned(generation, result)
            return answer

        return guarded

    def _history(self, is_half_open: bool) -> History:  # noqa: FBT001 - one argument
        """Return what counts results in a state."""
        rule = self.rules[is_half_open]
        if self.ratio is None:
            return InARow(rule)
        return Window(Shares(self.ratio, self.slow_share_ratio), rule)

    @property
    def rules(self) -> tuple[Rule, Rule]:
        """Which results decide when it is closed, and when it is half open."""
        passes, least = self.half_open_calls, self.least_calls
        if self.ratio is None:
            return Rule(self.failures or _FAILURES, passes), Rule(1, passes)
        half_open = Rule(passes, min(least, passes))
        if self.over_ns is not None:
            return Rule(_ANY, least, self.over_ns), half_open
        calls = self.over_calls or _CALLS
        return Rule(calls, min(least, calls)), half_open
