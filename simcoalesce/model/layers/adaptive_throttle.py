"""adaptive_throttle: clients refuse by themselves what would be refused anyway."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.load_control import LoadControl, Refusals
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration

_REFUSED: Final = LayerEvent(
    "throttled",
    "throttled",
    "request",
    "The adaptive throttle refuses {number}.",
    is_error=True,
)


class AdaptiveThrottle(LoadControl):
    """Requests are refused (503) by chance, the more the fewer are accepted.

    Of the last `window`, with `multiplier` K: with probability max(0, (requests - K x
    accepts) / (requests + 1)). Refusals of its own are requests, and no accepts. So in
    the long run K times as many requests pass as are accepted.

    The book counts a request when it is made (`counts: sent`), so that a client which
    begins with many at once refuses some before the first answer. go-zero counts all
    when they end (`returned`).

    Source: B. Beyer et al., Site Reliability Engineering, 2016, chapter 21
    ("Client-Side Throttling"): K = 2, two minutes; zeromicro/go-zero,
    core/breaker/googlebreaker.go, and its issue 5011; read 2026-11-30.
    """

    events: ClassVar[Sequence[LayerEvent]] = (_REFUSED,)

    kind: Literal["adaptive_throttle"] = "adaptive_throttle"
    multiplier: Annotated[float, Field(ge=1, le=1_000)] = 2.0
    """K: how many requests pass for each that is accepted."""
    window_ns: PositiveDuration = default("2m")
    """For how long requests and accepts count."""
    on: tuple[Annotated[int, Field(ge=400, le=599)], ...] = (429, 503)
    """Which answers say that a request was not accepted."""
    counts: Literal["returned", "sent"] = "returned"
    """Whether a request counts from its answer on, or from its start on."""

    @property
    @override
    def streams(self) -> bool:
        return True

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, instance_of = context.clock, self.instance_of(context)
        draws = context.stream("throttle")
        refusals = Refusals(self, context, "throttled")
        histories: defaultdict[int, _Recent] = defaultdict(
            lambda: _Recent(self.window_ns)
        )
        rejected, is_sent = frozenset(self.on), self.counts == "sent"

        def throttled(request: Request) -> Steps:
            recent, now_ns = histories[instance_of(request)], clock.now_ns
            share = recent.refused_ratio(now_ns, self.multiplier)
            is_refused = draws.uniform(request.id, request.attempt) < share
            if is_refused or is_sent:
                recent.requests.append(now_ns)
            if is_refused:
                return refusals.answer(503)
            answer = yield from fetch(request)
            if not is_sent:
                recent.requests.append(clock.now_ns)
            if answer.status not in rejected:
                recent.accepts.append(clock.now_ns)
            return answer

        return throttled


class _Recent:
    """When requests and accepts of the window were counted."""

    __slots__ = ("_window_ns", "accepts", "requests")

    def __init__(self, window_ns: int) -> None:
        self._window_ns = window_ns
        self.requests: deque[int] = deque()
        self.accepts: deque[int] = deque()

    def refused_ratio(self, now_ns: int, multiplier: float) -> float:
        """Return with which probability a request is refused."""
        for instants in (self.requests, self.accepts):
            while instants and instants[0] <= now_ns - self._window_ns:
                instants.popleft()
        requests, accepts = len(self.requests), len(self.accepts)
        return max(0.0, (requests - multiplier * accepts) / (requests + 1))
