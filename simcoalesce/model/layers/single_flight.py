"""single_flight: in each isolate, one fetch of a key at a time; others wait for it."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.flight_events import FLIGHT_EVENTS
from simcoalesce.model.flights import (
    Cleanup,
    FlightNotes,
    Flights,
    Forgetting,
    ForgottenBy,
    LeaderLeaves,
)
from simcoalesce.model.follower_fast_path import CoalescingPoint
from simcoalesce.model.layer import Layer, LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import OptionalDuration


class SingleFlight(Layer):
    """A map of in-flight fetches; who finds one there shares its answer or error."""

    makes_wait: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = FLIGHT_EVENTS

    kind: Literal["single_flight"] = "single_flight"
    cleanup: Cleanup = "finally"
    """Which end of a fetch removes it: finally, on_success, on_failure or never."""
    leader_bound: bool = False
    """Whether the fetch dies with the request that began it (no `waitUntil`)."""
    leader_leaves: LeaderLeaves | None = None
    """What followers get and whether the key is free when a bound leader leaves:
    error_and_keep (as with leader_bound alone), error_and_forget, silence."""
    forget_after_ns: OptionalDuration = default("unlimited")
    """After how long a flight is no longer joined, and the next request fetches."""
    forgotten_by: ForgottenBy = "age"
    """age: when the flight is that old; each_waiter: whenever a request of its key
    has waited so long, whatever flight is there then (Go's `Forget`)."""

    @model_validator(mode="before")
    @classmethod
    def _leaving_is_bound(cls, written: Any) -> Any:
        """Let ``leader_leaves`` alone say that flights are bound to their leaders."""
        if not isinstance(written, dict) or written.get("leader_leaves") is None:
            return written
        return {"leader_bound": True} | written

    @model_validator(mode="after")
    def _only_bound_leaders_leave(self) -> "SingleFlight":
        if self.leader_leaves is not None and not self.leader_bound:
            raise ValueError(
                "leader_leaves says what happens to flights that are bound to their"
                " leader; write leader_bound: true, or leave leader_leaves out"
            )
        return self

    @model_validator(mode="after")
    def _flights_can_be_joined(self) -> "SingleFlight":
        if self.forget_after_ns == 0:
            raise ValueError("forget_after is 0; write e.g. 300ms, or unlimited")
        return self

    @override
    def causes(self) -> Removals:
        return {
            "poisoned_flight": {"cleanup": "finally"},
            "cancelled_leader": {"leader_bound": False, "leader_leaves": None},
            "lock_timeout": {"forget_after": "unlimited"},
        }

    @property
    @override
    def makes_errors(self) -> bool:
        return self.leader_bound

    @property
    @override
    def may_never_answer(self) -> bool:
        return self.leader_leaves == "silence"

    @property
    def is_forgotten_by_waiters(self) -> bool:
        """Whether each waiter removes what is in the map when its own time is up."""
        return self.forget_after_ns is not None and self.forgotten_by == "each_waiter"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        flights = Flights(
            context.clock,
            notes=FlightNotes.of(context.recorder),
            cleanup=self.cleanup,
            is_leader_bound=self.leader_bound,
            code=context.recorder.code_of("single_flight"),
            leader_leaves=self.leader_leaves or "error_and_keep",
            forgetting=self._forgetting(),
        )
        domain_of = context.domains.domain_of
        is_certain = not self.leader_bound and not self.is_forgotten_by_waiters
        if context.index == 1 and is_certain:
            context.coalescing_points.append(CoalescingPoint(flights, domain_of))

        def join(request: Request) -> Steps:
            return flights.join(domain_of(request), request, fetch)

        return join

    def _forgetting(self) -> Forgetting:
        if self.forget_after_ns is None:
            return Forgetting()
        return Forgetting(self.forget_after_ns, self.forgotten_by)
