"""In-flight maps: who joins, who opens, and which end removes what."""

from collections.abc import Callable

import pytest

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import COMPLETE, START, Clock, Fetch, Steps
from simcoalesce.model.flights import Cleanup, Flights
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from tests.builders import a_request

Join = Callable[[int, int], list[Answer]]


def an_answer(status: int = 200, version: int = 0) -> Answer:
    """Return an answer without a role."""
    return Answer(status, Lookup.MISS, Role.NONE, 0, 0, version=version)


def fetching(clock: Clock, statuses: list[int]) -> Fetch:
    """Return fetches of 10 ns each, that answer with the given statuses in order."""
    versions = iter(range(1_000))

    def fetch(request: Request) -> Steps:
        version = next(versions)
        yield clock.after(10, COMPLETE, request)
        return an_answer(statuses[version % len(statuses)], version)

    return fetch


def joined(
    cleanup: Cleanup,
    arrivals: list[int],
    *,
    statuses: list[int] | None = None,
    domains: list[int] | None = None,
) -> list[tuple[int, int, int]]:
    """Return (instant, status, version) of the answer of each arrival."""
    clock = Clock()
    flights = Flights(clock, cleanup=cleanup, is_leader_bound=False, code=0)
    fetch = fetching(clock, statuses or [200])
    answers: dict[int, tuple[int, int, int]] = {}

    def start(number: int) -> None:
        domain = domains[number] if domains else 0
        clock.start(
            flights.join(domain, a_request(number), fetch),
            lambda a: answers.update({number: (clock.now_ns, a.status, a.version)}),
        )

    for number, instant in enumerate(arrivals):
        arrival = clock.until(instant, START, a_request(number))
        arrival.callbacks.append(lambda _, number=number: start(number))  # type: ignore[misc]
    clock.run()
    return [answers[number] for number in range(len(arrivals))]


def test_who_comes_during_a_flight_shares_its_answer() -> None:
    """Three arrivals within 10 ns, one fetch, answered together."""
    assert joined("finally", [0, 4, 9]) == [(10, 200, 0)] * 3


def test_a_flight_that_ends_at_an_instant_is_not_joined_at_it() -> None:
    """Flights are half-open: the arrival at 10 opens the next one."""
    assert joined("finally", [0, 10]) == [(10, 200, 0), (20, 200, 1)]


def test_domains_do_not_share() -> None:
    """Two isolates fetch for themselves."""
    answers = joined("finally", [0, 1], domains=[0, 1])

    assert answers == [(10, 200, 0), (11, 200, 1)]


def test_followers_share_the_error() -> None:
    """They asked for the same thing."""
    assert joined("finally", [0, 4], statuses=[500]) == [(10, 500, 0)] * 2


@pytest.mark.parametrize(
    ("cleanup", "later"),
    [
        ("finally", (110, 200, 1)),
        ("on_failure", (110, 200, 1)),
        ("on_success", (100, 500, 0)),
        ("never", (100, 500, 0)),
    ],
)
def test_a_failure_stays_unless_it_is_removed(
    cleanup: Cleanup, later: tuple[int, int, int]
) -> None:
    """A `then` alone does not run on failure: the key is poisoned."""
    answers = joined(cleanup, [0, 100], statuses=[500, 200])

    assert answers == [(10, 500, 0), later]


@pytest.mark.parametrize(
    ("cleanup", "later"),
    [
        ("finally", (1_000_010, 200, 1)),
        ("on_success", (1_000_010, 200, 1)),
        ("on_failure", (1_000_000, 200, 0)),
        ("never", (1_000_000, 200, 0)),
    ],
)
def test_a_success_stays_unless_it_is_removed(
    cleanup: Cleanup, later: tuple[int, int, int]
) -> None:
    """A `catch` alone does not run on success: the first one is served for ever."""
    assert joined(cleanup, [0, 1_000_000]) == [(10, 200, 0), later]


def test_a_fetch_that_takes_no_time_is_over_at_once() -> None:
    """Nobody can join it, and nothing is left in the map."""
    clock, answers = Clock(), list[Answer]()
    flights = Flights(clock, cleanup="finally", is_leader_bound=False, code=0)

    def fetch(request: Request) -> Steps:
        yield from ()
        return an_answer(version=request.id)

    for number in (1, 2):
        clock.start(flights.join(0, a_request(number), fetch), answers.append)

    assert [answer.version for answer in answers] == [1, 2]


def test_the_opener_leads_and_the_others_follow() -> None:
    """Roles say who fetched."""
    clock, answers = Clock(), list[Answer]()
    flights = Flights(clock, cleanup="finally", is_leader_bound=False, code=0)
    fetch = fetching(clock, [200])
    for number in range(3):
        clock.start(flights.join(0, a_request(number), fetch), answers.append)
    clock.run()

    assert [answer.role for answer in answers] == [1, 2, 2]


def test_a_flight_goes_on_without_its_opener() -> None:
    """As under `waitUntil`: a follower gets the answer of a leader that has gone."""
    clock, answers = Clock(), list[Answer]()
    flights = Flights(clock, cleanup="finally", is_leader_bound=False, code=0)
    fetch = fetching(clock, [200])
    leader = clock.start(flights.join(0, a_request(0), fetch))
    clock.start(flights.join(0, a_request(1), fetch), answers.append)
    leader.stop()
    clock.run()

    assert [(answer.status, answer.role) for answer in answers] == [(200, 2)]


def test_a_bound_flight_dies_with_its_opener() -> None:
    """Its followers fail at once, and its key stays poisoned: no clean-up runs."""
    clock, answers = Clock(), list[Answer]()
    flights = Flights(clock, cleanup="finally", is_leader_bound=True, code=7)
    fetch = fetching(clock, [200])
    leader = clock.start(flights.join(0, a_request(0), fetch))
    clock.start(flights.join(0, a_request(1), fetch), answers.append)
    leader.stop()
    clock.run()
    clock.start(flights.join(0, a_request(2), fetch), answers.append)

    assert [(a.status, a.role, a.served_by) for a in answers] == [(500, 2, 7)] * 2


def test_a_bound_flight_whose_opener_stays_is_like_any_other() -> None:
    """It lands, its followers share the answer, and its key is free again."""
    clock, answers = Clock(), list[Answer]()
    flights = Flights(clock, cleanup="finally", is_leader_bound=True, code=7)
    fetch = fetching(clock, [200])
    for number in range(2):
        clock.start(flights.join(0, a_request(number), fetch), answers.append)
    clock.run()
    clock.start(flights.join(0, a_request(2), fetch), answers.append)
    clock.run()

    assert [answer.version for answer in answers] == [0, 0, 1]
