"""client: clients that may leave while what they asked for goes on."""

from collections.abc import Iterator

from simcoalesce.model.answer import Answer
from simcoalesce.model.client import Client, detached
from simcoalesce.model.clock import COMPLETE, Clock, Steps
from simcoalesce.outcomes import Lookup, Role
from tests.builders import a_request

ANSWER = Answer(200, Lookup.MISS, Role.LEADER, 0, 0)


def a_process(seen: list[bool], clock: Clock, client: Client) -> Steps:
    """Return after 10 ns, and note whether the client has left by then."""
    yield clock.after(10, COMPLETE, a_request())
    seen.append(client.has_left)
    return ANSWER


def run(clock: Clock) -> Iterator[int]:
    """Yield the instants of a clock, until nothing is left to do."""
    while clock.peek() < float("inf"):
        clock.step()
        yield clock.now_ns


def test_a_client_that_stays_gets_the_answer() -> None:
    """When the steps ends."""
    clock, seen, got = Clock(), list[bool](), list[Answer]()
    client = Client()
    steps = a_process(seen, clock, client)
    clock.start(detached(clock, a_request(), steps, client), got.append)
    instants = [*run(clock)]

    assert (got, seen, instants[-1]) == ([ANSWER], [False], 10)


def test_it_goes_on_when_its_client_leaves_and_knows_it() -> None:
    """Nobody gets its answer."""
    clock, seen, got = Clock(), list[bool](), list[Answer]()
    client = Client()
    steps = a_process(seen, clock, client)
    process = clock.start(detached(clock, a_request(), steps, client), got.append)
    process.stop()
    list(run(clock))

    assert (got, seen) == ([], [True])
