"""fan_out: one request makes several calls, and waits for all of them."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.answer import NOT_SAID, Answer
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.parallel_calls import ParallelCalls
from simcoalesce.model.scope import Scope
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import OptionalPositiveCount


class FanOut(Layer):
    """Several calls for one request: their answers are one, the first error decides.

    What they bring together is as old as its oldest part, and may be stored if all may.
    Each call has draws of its own. Simplification: all are for the request's key.
    """

    scope: ClassVar[Scope] = Scope.ANYWHERE
    calls_together: ClassVar[bool] = True
    may_repeat: ClassVar[bool] = True

    kind: Literal["fan_out"] = "fan_out"
    calls: Annotated[int, Field(ge=1, le=1000)]
    """How many calls it makes."""
    at_once: OptionalPositiveCount = default("unlimited")
    """How many of them are under way at once; 1: one after the other."""
    cancels: bool = False
    """Whether calls that are under way end with the first error (Go's errgroup with a
    context), or go on (`Promise.all`); no further one begins."""

    @property
    @override
    def most_calls(self) -> int:
        return self.calls

    @property
    @override
    def calls_of_a_miss(self) -> int:
        return self.calls

    @property
    @override
    def rounds(self) -> int:
        return -(-self.calls // (self.at_once or self.calls))

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, usage = context.clock, context.recorder.usage
        is_client, at_once = context.is_client, self.at_once or self.calls

        def fanned_out(request: Request) -> Steps:
            calls = ParallelCalls(clock, fetch, request, self.calls)
            answers: list[Answer] = []
            try:
                while len(answers) < self.calls:
                    while calls.count < min(len(answers) + at_once, self.calls):
                        usage.worker_requests += is_client and calls.count > 0
                        calls.call()
                    if not calls.has_news:
                        yield calls.news()
                    answer = calls.take()
                    assert answer is not None, "no further call is ever due"
                    if not answer.ok:
                        return answer
                    answers.append(answer)
                return _together(answers)
            finally:
                if self.cancels:
                    calls.stop()

        return fanned_out


def _together(answers: Sequence[Answer]) -> Answer:
    """Return several answers as one: a miss, if one of them is."""
    last = next((one for one in reversed(answers) if not one.lookup), answers[-1])
    said_ns = [one.max_age_ns for one in answers if one.max_age_ns != NOT_SAID]
    return last._replace(
        generated_at_ns=min(one.generated_at_ns for one in answers),
        attempts=max(one.attempts for one in answers),
        version=min(one.version for one in answers),
        cacheable=all(one.cacheable for one in answers),
        max_age_ns=min(said_ns, default=NOT_SAID),
    )
