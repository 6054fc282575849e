"""timeout: answers 504 when the next layer takes too long."""

from collections.abc import Sequence
from typing import ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import ANSWER, EXPIRE, Fetch, Signal, Steps
from simcoalesce.model.layer import Layer, LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.units import PositiveDuration

_EXPIRED: Final = LayerEvent(
    "timed_out",
    "timeouts",
    "attempt",
    "No answer comes in time: {number}.",
    is_error=True,
)


class RequestTimeout(Layer):
    """Who has no answer in time gets 504; an answer at the deadline is in time."""

    scope: ClassVar[Scope] = Scope.ANYWHERE
    gives_up: ClassVar[bool] = True
    may_repeat: ClassVar[bool] = True
    says_error: ClassVar[str] = "timed out"
    events: ClassVar[Sequence[LayerEvent]] = (_EXPIRED,)

    kind: Literal["timeout"] = "timeout"
    after_ns: PositiveDuration
    """How long to wait."""
    cancels: bool = False
    """Whether what is behind ends with the wait (a client that hangs up), or goes on;
    so too if who stands in front leaves."""

    @property
    @override
    def patience_ns(self) -> int:
        return self.after_ns

    @override
    def causes(self) -> Removals:
        return {"impatience": None}

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, after_ns, cancels = context.clock, self.after_ns, self.cancels
        served_by = context.recorder.code_of("timeout")
        expired = context.recorder.note(_EXPIRED.unit)

        def limited(request: Request) -> Steps:
            first = Signal(clock)
            behind = clock.start(
                fetch(request), lambda answer: first.send(answer, ANSWER, request)
            )
            deadline = clock.after(after_ns, EXPIRE, request)
            deadline.callbacks.append(lambda _: first.send(None, EXPIRE, request))
            answer: Answer | None = None
            try:
                answer = yield first
            finally:
                # It is late, or whoever stands before it leaves.
                if cancels and answer is None:
                    behind.stop()
            if answer is not None:
                return answer
            expired.happened()
            return Answer(504, Lookup.MISS, Role.NONE, served_by, clock.now_ns)

        return limited
