"""single_flight: in each isolate, one fetch of a key at a time; others wait for it."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.flights import Cleanup, Flights
from simcoalesce.model.follower_fast_path import CoalescingPoint
from simcoalesce.model.layer import Layer, LayerContext
from simcoalesce.request import Request


class SingleFlight(Layer):
    """A map of in-flight fetches; who finds one there shares its answer or error."""

    makes_wait: ClassVar[bool] = True

    kind: Literal["single_flight"] = "single_flight"
    cleanup: Cleanup = "finally"
    """Which end of a fetch removes it: finally, on_success, on_failure or never."""
    leader_bound: bool = False
    """Whether the fetch dies with the request that began it (no `waitUntil`)."""

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        flights = Flights(
            context.clock,
            cleanup=self.cleanup,
            is_leader_bound=self.leader_bound,
            code=context.recorder.code_of("single_flight"),
        )
        domain_of = context.domains.domain_of
        if context.index == 1 and not self.leader_bound:
            context.coalescing_points.append(CoalescingPoint(flights, domain_of))

        def join(request: Request) -> Steps:
            return flights.join(domain_of(request), request, fetch)

        return join
