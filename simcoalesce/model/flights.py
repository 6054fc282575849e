"""In-flight maps: fetches that have not ended, which later requests may join."""

from functools import partial
from typing import Final, Literal, TypeAlias

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, Clock, Fetch, Process, Signal, Steps
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request

Cleanup: TypeAlias = Literal["finally", "on_success", "on_failure", "never"]
"""Which outcomes of a fetch remove it from the map.

``finally``: both. ``on_success`` (a ``then`` only): a failed fetch stays, and every
later request of the key gets its failure. ``on_failure`` (a ``catch`` only): the first
success stays, and is served until the isolate or object is gone. ``never``: both stay.
"""

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

    __slots__ = ("fetching", "followed", "landed", "led")

    def __init__(self, clock: Clock) -> None:
        self.landed = Signal(clock)
        self.led: Answer | None = None
        self.followed: Answer | None = None
        self.fetching: Process | None = None

    @property
    def lands_after_ns(self) -> int:
        """Return an instant before which it certainly does not land."""
        return 0 if self.fetching is None else self.fetching.wakes_at_ns


class Flights:
    """The in-flight map of each domain, e.g. of each isolate or object."""

    def __init__(
        self, clock: Clock, *, cleanup: Cleanup, is_leader_bound: bool, code: int
    ) -> None:
        """Make empty maps.

        Args:
            clock: The clock.
            cleanup: Which ends of a fetch remove it.
            is_leader_bound: Whether a flight dies with the request that opened it;
                otherwise it goes on by itself, as under ``waitUntil``.
            code: Who answers for a broken flight, as a ``served_by``.
        """
        self._clock = clock
        self._removes_success, self._removes_failure = removes(cleanup)
        self._is_leader_bound = is_leader_bound
        self._code = code
        self._flights: dict[tuple[int, int], Flight] = {}

    def join(self, domain: int, request: Request, fetch: Fetch) -> Steps:
        """Wait for the flight of the request's key, or open one."""
        slot = (domain, request.key)
        flight = self._flights.get(slot)
        if flight is None:
            flight = self._flights[slot] = Flight(self._clock)
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
        return flight.followed

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
            self._break_off(flight, request)
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
            del self._flights[slot]
        flight.landed.send(answer, ANSWER, request)

    def _break_off(self, flight: Flight, request: Request) -> None:
        """End a flight whose leader has left: no clean-up runs, it stays in the map."""
        broken = Answer(500, Lookup.MISS, Role.LEADER, self._code, self._clock.now_ns)
        flight.led = broken
        flight.followed = broken.as_followed()
        flight.landed.send(broken, ANSWER, request)
