"""In-flight maps: fetches that have not ended, which later requests may join."""

from functools import partial
from typing import Final, Literal, NamedTuple, TypeAlias

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import (
    ANSWER,
    EXPIRE,
    NEVER_NS,
    Clock,
    Fetch,
    Process,
    Signal,
    Steps,
)
from simcoalesce.model.note import UNKEPT, Note
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request

Cleanup: TypeAlias = Literal["finally", "on_success", "on_failure", "never"]
"""Which outcomes of a fetch remove it from the map.

``finally``: both. ``on_success`` (a ``then`` only): a failed fetch stays, and every
later request of the key gets its failure. ``on_failure`` (a ``catch`` only): the first
success stays, and is served until the isolate or object is gone. ``never``: both stay.
"""

LeaderLeaves: TypeAlias = Literal["error_and_keep", "error_and_forget", "silence"]
"""What becomes of a flight whose leader is stopped, if it is bound to its leader.

``error_and_keep``: followers fail, and the entry answers 500 for ever (workerd).
``error_and_forget``: followers fail, and the key is free (Go's
``golang.org/x/sync/singleflight`` with the context of the first caller).
``silence``: followers hear nothing, and the entry stays (workerd with old
compatibility dates, docs/validation.md).
"""

ForgottenBy: TypeAlias = Literal["age", "each_waiter"]
"""Who takes a flight that is under way out of the map.

``age``: nobody joins what is that old. ``each_waiter``: whoever has waited so long
removes what is there under its key, as callers of Go's ``Forget`` do.
"""


DEAD: Final = "dead_flights_joined"
ENDED: Final = "ended_flights_joined"
LEADER_LEFT: Final = "leaders_left"
"""What a run notes of a map of fetches in flight."""


class FlightNotes(NamedTuple):
    """How a run notes what happens in a map of fetches in flight.

    Attributes:
        dead: Of requests that join a fetch that has failed.
        ended: Of requests that join a fetch that has brought its answer.
        left: Of leaders that leave.
    """

    dead: Note
    ended: Note
    left: Note

    @classmethod
    def of(cls, recorder: Recorder) -> "FlightNotes":
        """Return those of a run."""
        return cls(*map(recorder.note, (DEAD, ENDED, LEADER_LEFT)))


_UNNOTED: Final = FlightNotes(UNKEPT, UNKEPT, UNKEPT)


class Forgetting(NamedTuple):
    """When flights are forgotten: after how long, and by whom."""

    after_ns: int = NEVER_NS
    by: ForgottenBy = "age"


_REMOVES: Final[dict[str, tuple[bool, bool]]] = {
    "finally": (True, True),
    "on_success": (True, False),
    "on_failure": (False, True),
    "never": (False, False),
}


def removes(cleanup: Cleanup) -> tuple[bool, bool]:
    """Return whether a clean-up removes successes, and whether failures."""
    return _REMOVES[cleanup]


class Flight:
    """One fetch of one key in one domain."""

    __slots__ = ("fetching", "followed", "joined_until_ns", "landed", "led")

    def __init__(self, clock: Clock, joined_until_ns: int = NEVER_NS) -> None:
        self.landed = Signal(clock)
        self.led: Answer | None = None
        self.followed: Answer | None = None
        self.fetching: Process | None = None
        self.joined_until_ns = joined_until_ns

    @property
    def lands_after_ns(self) -> int:
        """Return an instant before which it certainly does not land."""
        return 0 if self.fetching is None else self.fetching.wakes_at_ns

    @property
    def joinable_until_ns(self) -> int:
        """Return an instant before which it can certainly be joined."""
        return min(self.lands_after_ns, self.joined_until_ns)


class Flights:
    """The in-flight map of each domain, e.g. of each isolate or object."""

    def __init__(  # noqa: PLR0913 - one argument for each rule
        self,
        clock: Clock,
        *,
        notes: FlightNotes = _UNNOTED,
        cleanup: Cleanup,
        is_leader_bound: bool,
        code: int,
        leader_leaves: LeaderLeaves = "error_and_keep",
        forgetting: Forgetting = Forgetting(),  # noqa: B008 - it never changes
    ) -> None:
        """Make empty maps.

        Args:
            clock: The clock.
            notes: How the run notes what happens.
            cleanup: Which ends of a fetch remove it.
            is_leader_bound: Whether a flight dies with the request that opened it;
                otherwise it goes on by itself, as under ``waitUntil``.
            code: Who answers for a broken flight, as a ``served_by``.
            leader_leaves: What becomes of a bound flight whose leader is stopped.
            forgetting: When a flight is forgotten that is under way.
        """
        self._clock = clock
        self._notes = notes
        self._removes_success, self._removes_failure = removes(cleanup)
        self._is_leader_bound = is_leader_bound
        self._code = code
        self._leader_leaves = leader_leaves
        self._forget_after_ns = forgetting.after_ns
        self._is_forgotten_by_age = forgetting.by == "age"
        self._flights: dict[tuple[int, int], Flight] = {}

    def join(self, domain: int, request: Request, fetch: Fetch) -> Steps:
        """Wait for the flight of the request's key, or open one."""
        if self._is_forgotten_by_age:
            return self._join(domain, request, fetch)
        return self._join_and_forget(domain, request, fetch)

    def _join(self, domain: int, request: Request, fetch: Fetch) -> Steps:
        slot = (domain, request.key)
        flight = self._flights.get(slot)
        if flight is None or self._clock.now_ns >= flight.joined_until_ns:
            flight = self._flights[slot] = self._new_flight()
            if self._is_leader_bound:
                return (yield from self._lead(slot, flight, request, fetch))
            fetching = self._start(slot, flight, request, fetch)
            if flight.led is None:
                flight.fetching = fetching
                yield flight.landed
            assert flight.led is not None
            return flight.led
        if flight.followed is None:
            yield flight.landed
            assert flight.followed is not None
        else:
            notes = self._notes
            (notes.ended if flight.followed.ok else notes.dead).happened()
        return flight.followed

    def _join_and_forget(self, domain: int, request: Request, fetch: Fetch) -> Steps:
        """Join, and after a time let the key be fetched by somebody else."""
        slot, is_waiting = (domain, request.key), True

        def forget(_: object) -> None:
            if is_waiting:
                self._flights.pop(slot, None)

        patience = self._clock.after(self._forget_after_ns, EXPIRE, request)
        patience.callbacks.append(forget)
        try:
            return (yield from self._join(domain, request, fetch))
        finally:
            is_waiting = False

    def _new_flight(self) -> Flight:
        if not self._is_forgotten_by_age:
            return Flight(self._clock)
        return Flight(self._clock, self._clock.now_ns + self._forget_after_ns)

    def open_flight(self, domain: int, key: int) -> Flight | None:
        """Return the flight of a key that has not landed, if there is one."""
        flight = self._flights.get((domain, key))
        return None if flight is None or flight.followed is not None else flight

    def _start(
        self, slot: tuple[int, int], flight: Flight, request: Request, fetch: Fetch
    ) -> Process:
        land = partial(self._land, slot, flight, request)
        return self._clock.start(fetch(request), land)

    def _lead(
        self, slot: tuple[int, int], flight: Flight, request: Request, fetch: Fetch
    ) -> Steps:
        try:
            answer = yield from fetch(request)
        except GeneratorExit:
            self._break_off(slot, flight, request)
            raise
        self._land(slot, flight, request, answer)
        return answer.as_led()

    def _land(
        self, slot: tuple[int, int], flight: Flight, request: Request, answer: Answer
    ) -> None:
        # A process ends with this call, which knows the flight: they must let go.
        flight.fetching = None
        flight.led = answer.as_led()
        flight.followed = answer.as_followed()
        if self._removes_success if answer.ok else self._removes_failure:
            self._remove(slot, flight)
        flight.landed.send(answer, ANSWER, request)

    def _remove(self, slot: tuple[int, int], flight: Flight) -> None:
        """Take a flight out of the map, unless a younger one has its place."""
        if self._flights.get(slot) is flight:
            del self._flights[slot]

    def _break_off(
        self, slot: tuple[int, int], flight: Flight, request: Request
    ) -> None:
        """End a flight whose leader has left: its own clean-up does not run."""
        self._notes.left.happened()
        if self._leader_leaves == "silence":
            return
        broken = Answer(500, Lookup.MISS, Role.LEADER, self._code, self._clock.now_ns)
        flight.led = broken
        flight.followed = broken.as_followed()
        if self._leader_leaves == "error_and_forget":
            self._remove(slot, flight)
        flight.landed.send(broken, ANSWER, request)
