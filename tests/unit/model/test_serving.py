"""Serving: arrivals meet what is under way in order, and may be settled in bulk."""

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import START, Clock, Steps
from simcoalesce.model.serving import serve
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request, Requests
from tests.builders import MS, even

OK = Answer(200, Lookup.MISS, Role.NONE, 0, 0)


class FromTheTenth:
    """Settles every request from id 10 on, and notes how many at once."""

    def __init__(self) -> None:
        self.at_once: list[int] = []

    def settles(self, request: Request) -> bool:
        """Settle one."""
        return request.id >= 10

    def settle(self, stretch: Requests, start: int, stop: int) -> int:  # noqa: ARG002
        """Settle all."""
        self.at_once.append(stop - start)
        return stop - start


def served(settler: FromTheTenth | None, wait_ns: int) -> list[int]:
    """Return who was given to the path, of 100 requests a millisecond apart."""
    clock, asked = Clock(), list[int]()

    def fetch(request: Request) -> Steps:
        asked.append(request.id)
        yield clock.after(wait_ns, START, request)
        return OK

    arrived = serve(clock, [even(100, MS)], fetch, lambda *_: None, settler)
    assert arrived == 100
    return asked


def test_without_foresight_every_request_is_a_process() -> None:
    """All of them, in order."""
    assert served(None, MS) == [*range(100)]


def test_who_is_settled_does_not_enter_the_path() -> None:
    """Those that the settler leaves do."""
    assert served(FromTheTenth(), MS) == [*range(10)]


def test_many_are_settled_up_to_the_next_event() -> None:
    """After 24 of them; request 0 goes on at 70 ms, and was there before the 70th."""
    settler = FromTheTenth()
    served(settler, 70 * MS)

    assert settler.at_once[0] == 70 - 34
