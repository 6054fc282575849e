"""retry: repeats failed requests with backoff, within a budget."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import START, Fetch, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.retry_budget import BudgetedLayer
from simcoalesce.model.scope import Scope
from simcoalesce.randomness import Stream
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration

Jitter: TypeAlias = Literal["none", "full", "equal", "decorrelated"]
"""How chance spreads a backoff (M. Brooker, AWS Architecture Blog, 2015)."""


_AGAIN: Final = LayerEvent(
    "retries",
    "retries",
    "attempt",
    "Failed requests are repeated: {number} more. The origin gets {calls} that are not"
    " the first of their requests.",
)


class Retry(BudgetedLayer):
    """Repeat a failed request, with backoff, up to a number of attempts."""

    scope: ClassVar[Scope] = Scope.ANYWHERE
    asks_again: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = (_AGAIN,)
    may_repeat: ClassVar[bool] = True
    says_error: ClassVar[str] = ""

    kind: Literal["retry"] = "retry"
    attempts: Annotated[int, Field(ge=1, le=1000)] = 3
    """Attempts in all, the first included."""
    backoff_ns: Duration = default("100ms")
    """Wait before the second attempt; doubled before each further one."""
    cap_ns: PositiveDuration = default("20s")
    """Longest wait."""
    jitter: Jitter = "full"
    """none: the wait itself; full: U(0, wait); equal: half of it + U(0, half);
    decorrelated: U(backoff, 3 x the last wait)."""
    on: tuple[Annotated[int, Field(ge=400, le=599)], ...] = (429, 500, 502, 503, 504)
    """Which answers are worth another attempt."""
    honours_retry_after: bool = True
    """Whether to wait at least as long as the refusal says."""

    @model_validator(mode="after")
    def _cap_above_backoff(self) -> "Retry":
        if self.cap_ns < self.backoff_ns:
            raise ValueError("cap is below backoff")
        return self

    @property
    @override
    def most_calls(self) -> int:
        return self.attempts

    @override
    def causes(self) -> Removals:
        return {"retries": None}

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, usage, is_client = (
            context.clock,
            context.recorder.usage,
            context.is_client,
        )
        stream = context.stream("jitter")
        budget = self.running_budget(clock)
        attempts, worth_it = self.attempts, frozenset(self.on)
        tell = context.tell
        repeated = context.recorder.note(_AGAIN.unit)

        def retrying(request: Request) -> Steps:
            budget.earn()
            # Under another retry, its n-th attempt numbers ours from n * attempts on.
            first = request.attempt * attempts
            answer = yield from fetch(request.again(first) if first else request)
            made, wait_ns = answer.attempts, self.backoff_ns
            for attempt in range(first + 1, first + attempts):
                if answer.status not in worth_it or not budget.pays():
                    break
                wait_ns = self._wait_ns(attempt - first, wait_ns, request, stream)
                least_ns = answer.retry_after_ns if self.honours_retry_after else 0
                if tell is not None and least_ns > wait_ns:
                    tell(request, "Retry-After")
                yield clock.after(max(wait_ns, least_ns), START, request)
                usage.worker_requests += is_client
                repeated.happened()
                answer = yield from fetch(request.again(attempt))
                made += answer.attempts
            return answer if made == answer.attempts else _after(answer, made)

        return retrying

    def _wait_ns(
        self, retry: int, last_ns: int, request: Request, stream: Stream
    ) -> int:
        """Return the wait before the n-th retry."""
        attempt = request.attempt * self.attempts + retry
        draw = stream.uniform(request.id, attempt)
        if self.jitter == "decorrelated":
            spread_ns = max(3 * last_ns - self.backoff_ns, 0)
            return min(self.cap_ns, self.backoff_ns + int(draw * spread_ns))
        wait_ns = min(self.cap_ns, self.backoff_ns << min(retry - 1, 60))
        if self.jitter == "full":
            return int(draw * wait_ns)
        if self.jitter == "equal":
            return wait_ns // 2 + int(draw * (wait_ns - wait_ns // 2))
        return wait_ns


def _after(answer: Answer, attempts: int) -> Answer:
    return answer._replace(attempts=attempts)
