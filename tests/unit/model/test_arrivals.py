"""Arrivals loop: in order with all events; some requests are completed in bulk."""

from simcoalesce.model.answer import Answer
from simcoalesce.model.arrivals import serve_arrivals
from simcoalesce.model.clock import START, Clock, Steps
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request, Requests
from tests.builders import MS, even

OK = Answer(200, Lookup.MISS, Role.NONE, 0, 0)


class FromTheTenth:
    """Completes every request from id 10 on, and notes how many at once."""

    def __init__(self) -> None:
        self.at_once: list[int] = []

    def completes(self, request: Request) -> bool:
        """Complete one."""
        return request.id >= 10

    def complete(self, chunk: Requests, start: int, stop: int) -> int:  # noqa: ARG002
        """Complete all."""
        self.at_once.append(stop - start)
        return stop - start


def nothing(*_: object) -> None:
    """Take note of nothing."""


def served(fast_path: FromTheTenth | None, wait_ns: int) -> list[int]:
    """Return who was given to the path, of 100 requests a millisecond apart."""
    clock, asked = Clock(), list[int]()

    def fetch(request: Request) -> Steps:
        asked.append(request.id)
        yield clock.after(wait_ns, START, request)
        return OK

    arrived = serve_arrivals(clock, [even(100, MS)], fetch, nothing, nothing, fast_path)
    assert arrived == 100
    return asked


def test_without_hit_fast_path_every_request_is_a_process() -> None:
    """All of them, in order."""
    assert served(None, MS) == [*range(100)]


def test_who_is_completed_does_not_enter_the_path() -> None:
    """All others do."""
    assert served(FromTheTenth(), MS) == [*range(10)]


def test_many_are_completed_up_to_the_next_event() -> None:
    """After 24 of them; request 0 goes on at 70 ms, and was there before the 70th."""
    fast_path = FromTheTenth()
    served(fast_path, 70 * MS)

    assert fast_path.at_once[0] == 70 - 34
