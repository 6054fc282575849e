"""abandon: clients that hang up before their answer comes."""

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import ANSWER, EXPIRE, Fetch, Signal, Steps
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.outcomes import CLIENT_LEFT, Lookup, Role
from simcoalesce.request import Request
from simcoalesce.units import PositiveCount, Ratio


class Abandon(Layer):
    """Some clients hang up after a time, and what they asked for ends with them.

    Their rows have status 499 (`CLIENT_LEFT`), so metrics count them among the errors.
    An answer at the instant is in time. What a cache does behind a client that has left
    is its own rule: most go on with the fetch.
    """

    scope: ClassVar[Scope] = Scope.ANYWHERE
    gives_up: ClassVar[bool] = True
    may_repeat: ClassVar[bool] = True
    says_error: ClassVar[str] = "gave up"

    kind: Literal["abandon"] = "abandon"
    after: Latency
    """After how long a client hangs up; drawn for each request."""
    share_ratio: Ratio | None = None
    """Which share of the requests hang up, each by its own draw; all if absent."""
    requests: tuple[PositiveCount, ...] | None = None
    """Which requests hang up, by their numbers in order of arrival; the first is 1."""

    @model_validator(mode="after")
    def _one_choice(self) -> "Abandon":
        if self.share_ratio is not None and self.requests is not None:
            raise ValueError(
                "share and requests both say who hangs up; write one of them, e.g."
                " {after: 500ms, share: 10%} or {after: 500ms, requests: [1, 7]}"
            )
        return self

    @property
    @override
    def patience_ns(self) -> int:
        return round(self.after.expected_ns)

    @override
    def causes(self) -> Removals:
        return {"impatience": None}

    @property
    @override
    def always_gives_up(self) -> bool:
        return self.requests is None and self.share_ratio in {None, 1.0}

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, hang_up = context.clock, self.hang_up(context)
        served_by = context.recorder.code_of("abandon")

        def abandonable(request: Request) -> Steps:
            after_ns = hang_up(request)
            if after_ns is None:
                return (yield from fetch(request))
            first = Signal(clock)
            behind = clock.start(
                fetch(request), lambda answer: first.send(answer, ANSWER, request)
            )
            leaves = clock.after(after_ns, EXPIRE, request)
            leaves.callbacks.append(lambda _: first.send(None, EXPIRE, request))
            answer: Answer | None = None
            try:
                answer = yield first
            finally:
                # It leaves, or whoever stands before it does.
                if answer is None:
                    behind.stop()
            left = CLIENT_LEFT, Lookup.MISS, Role.NONE, served_by, clock.now_ns
            return answer or Answer(*left)

        return abandonable

    def hang_up(self, context: LayerContext) -> Callable[[Request], int | None]:
        """Return what draws when a client hangs up, in nanoseconds; None if never."""
        is_chosen, after = self._choice(context), context.sampler(self.after, "after")

        def drawn(request: Request) -> int | None:
            if not is_chosen(request):
                return None
            return after.draw(request.id, request.attempt)

        return drawn

    def _choice(self, context: LayerContext) -> Callable[[Request], bool]:
        """Return what says whether a request's client hangs up, if it has to wait."""
        if self.requests is not None:
            numbers = frozenset(self.requests)
            return lambda request: request.id + 1 in numbers
        share = 1.0 if self.share_ratio is None else self.share_ratio
        stream = context.stream("share")
        return lambda request: stream.uniform(request.id, request.attempt) < share
