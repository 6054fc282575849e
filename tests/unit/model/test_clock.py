"""The clock: one order of everything that happens at once, and any SimPy event."""

import ast
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Literal, cast

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from simcoalesce.model import arrivals
from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import (
    ANSWER,
    COMPLETE,
    EXPIRE,
    NEVER_NS,
    START,
    Clock,
    Fetch,
    Signal,
    Steps,
)
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.run_bounds import HorizonError
from tests.builders import (
    MS,
    a_path,
    a_request,
    an_origin,
    at_ms,
    latencies_ms,
    simulated,
    statuses,
)

OK = Answer(200, Lookup.MISS, Role.NONE, 0, 0)
LATE = OK._replace(status=504)
Ask = Callable[[simpy.Environment], Generator[simpy.Event, Any, Any]]


class Waiting(Layer):
    """Waits for what a test yields, then asks the next layer."""

    kind: Literal["waiting"] = "waiting"
    ask: Ask

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        def wait(request: Request) -> Steps:
            status = yield from self.ask(context.clock)
            answer = yield from fetch(request)
            return answer if status is None else answer._replace(status=status)

        return wait


class Impatient(Layer):
    """Gives up after 4 ms, with SimPy's means alone."""

    kind: Literal["impatient"] = "impatient"
    interrupts: bool

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock = context.clock

        def attempt(request: Request) -> Steps:
            try:
                return (yield from fetch(request))
            except simpy.Interrupt:
                return LATE

        def serve(request: Request) -> Steps:
            behind = clock.process(attempt(request))
            yield behind | clock.timeout(4 * MS)
            if behind.is_alive and self.interrupts:
                behind.interrupt()
                yield behind
            return cast("Answer", behind.value) if behind.processed else LATE

        return serve


def once(event: simpy.Event) -> Generator[simpy.Event, Any, None]:
    """Wait for one event."""
    yield event


def with_waiting(ask: Ask) -> list[Layer]:
    """Return a path with a layer of one's own before an origin of 10 ms."""
    return [Waiting(ask=ask), *a_path(an_origin("10ms"))]


def sleeping(clock: Clock, log: list[str], name: str, wait_ns: int) -> Steps:
    """Sleep, and note when."""
    yield clock.after(wait_ns, START, a_request())
    log.append(f"{name} at {clock.now_ns}")
    return OK


IN_ORDER = [
    (1, EXPIRE, 9),
    (2, COMPLETE, 5),
    (2, COMPLETE, 7),
    (2, ANSWER, 1),
    (2, START, 0),
]


@given(order=st.permutations(range(len(IN_ORDER))))
def test_what_happens_at_once_has_one_order(order: list[int]) -> None:
    """First the instant, then the phase, then the request id, however it was set."""
    clock, seen = Clock(), list[int]()
    for index in order:
        instant, phase, number = IN_ORDER[index]
        event = clock.until(instant, phase, a_request(number))
        event.callbacks.append(lambda _, index=index: seen.append(index))  # type: ignore[misc]
    for _ in order:
        clock.step()

    assert seen == sorted(order)


def test_the_phases_are_in_the_order_of_the_design() -> None:
    """What completes comes before what starts."""
    assert COMPLETE < ANSWER < EXPIRE < START


def test_a_completion_at_an_instant_comes_before_an_arrival() -> None:
    """A memory that is filled at t serves a request that arrives at t."""
    outcomes = simulated(a_path("memory", an_origin("10ms")), at_ms(0, 10))

    assert latencies_ms(outcomes) == [10, 0]


def test_requests_that_arrive_at_once_are_taken_in_the_order_of_their_ids() -> None:
    """The first of them takes the only server."""
    path = a_path(an_origin("10ms", concurrency=1))
    outcomes = simulated(path, at_ms(0, 0, 0))

    assert latencies_ms(outcomes) == [10, 20, 30]


def test_an_instant_in_the_past_is_a_bug() -> None:
    """The clock never goes back."""
    clock = Clock()
    clock.now_ns = 5

    with pytest.raises(ValueError, match="Negative delay"):
        clock.until(4, START, a_request())


def test_arrivals_out_of_order_are_a_bug() -> None:
    """Traffic comes in order of time."""
    with pytest.raises(AssertionError, match="never goes back"):
        simulated(a_path(an_origin("1ms")), at_ms(5, 4))


def test_a_signal_is_sent_at_most_once() -> None:
    """Who comes second changes nothing."""
    clock = Clock()
    signal = Signal(clock)
    signal.send(OK, ANSWER, a_request())
    signal.send(None, ANSWER, a_request())

    assert signal.value is OK


def test_a_signal_wakes_in_the_order_of_waiting() -> None:
    """Followers go on in the order in which they came."""
    clock, log = Clock(), list[int]()
    signal = Signal(clock)

    def follow(number: int) -> Steps:
        yield signal
        log.append(number)
        return OK

    for number in (3, 1, 2):
        clock.start(follow(number))
    signal.send(OK, ANSWER, a_request())
    clock.step()

    assert log == [3, 1, 2]


def test_a_process_hands_its_answer_over() -> None:
    """`then` gets what the steps return."""
    clock, log, answers = Clock(), list[str](), list[Answer]()
    clock.start(sleeping(clock, log, "a", 7), answers.append)
    clock.step()

    assert (log, answers) == (["a at 7"], [OK])


def test_a_stopped_process_does_nothing_more() -> None:
    """Neither its steps go on, nor is its answer handed over."""
    clock, log, answers = Clock(), list[str](), list[Answer]()
    process = clock.start(sleeping(clock, log, "a", 7), answers.append)
    process.stop()
    clock.step()

    assert (log, answers) == ([], [])


def test_a_layer_may_yield_a_simpy_timeout() -> None:
    """A layer of one's own waits with the environment's own events."""
    path = with_waiting(lambda env: once(env.timeout(3 * MS)))

    assert latencies_ms(simulated(path, at_ms(0, 1))) == [13, 13]


def test_a_layer_may_yield_simpy_resources() -> None:
    """Requests queue for a resource of SimPy, first come first served."""
    resources: list[simpy.Resource] = []

    def use(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        if not resources:
            resources.append(simpy.Resource(env, capacity=1))
        with resources[0].request() as turn:
            yield turn
            yield env.timeout(4 * MS)

    outcomes = simulated(with_waiting(use), at_ms(0, 1, 2))

    assert latencies_ms(outcomes) == [14, 17, 20]


def test_a_layer_may_wait_for_several_simpy_events() -> None:
    """Conditions and processes of SimPy are events too."""

    def work(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        yield env.timeout(2 * MS)

    path = with_waiting(lambda env: once(env.timeout(5 * MS) & env.process(work(env))))

    assert latencies_ms(simulated(path, at_ms(0))) == [15]


def test_a_failed_event_is_raised_in_the_layer() -> None:
    """A layer can catch what its event failed with."""

    def fail(env: simpy.Environment) -> Generator[simpy.Event, Any, int | None]:
        try:
            yield env.event().fail(OSError("broken"))
        except OSError:
            return 500
        return None

    assert statuses(simulated(with_waiting(fail), at_ms(0))) == [500]


def test_an_event_that_failed_before_is_raised_too() -> None:
    """Waiting for it later is no different from having waited."""
    failed: list[simpy.Event] = []

    def fail(env: simpy.Environment) -> Generator[simpy.Event, Any, int]:
        failed.append(env.event().fail(OSError("broken")))
        failed[0].defused = True
        yield env.timeout(1)
        try:
            yield failed[0]
        except OSError:
            return 500
        return 200

    assert statuses(simulated(with_waiting(fail), at_ms(0))) == [500]


def test_a_processed_event_gives_its_value_at_once() -> None:
    """A layer may wait for what is already over."""

    def look_back(env: simpy.Environment) -> Generator[simpy.Event, Any, Any]:
        event = env.timeout(1 * MS, value=203)
        yield env.timeout(2 * MS)
        return (yield event)

    outcomes = simulated(with_waiting(look_back), at_ms(0))

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([203], [12])


def test_a_failure_that_nobody_waits_for_ends_the_run() -> None:
    """Errors never pass silently."""

    def fail(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        env.event().fail(OSError("broken"))
        yield env.timeout(1)

    with pytest.raises(OSError, match="broken"):
        simulated(with_waiting(fail), at_ms(0))


def test_a_failure_after_its_process_was_stopped_is_no_matter() -> None:
    """Nobody is there to catch it, and it was the stopped process that waited."""
    path = a_path({"timeout": {"after": "1ms", "cancels": True}})

    def fail_late(event: simpy.Event) -> Generator[simpy.Event, Any, None]:
        yield event.env.timeout(5 * MS)
        event.fail(OSError("broken"))

    def wait(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        event = env.event()
        env.process(fail_late(event))
        yield event

    outcomes = simulated([*path, *with_waiting(wait)], at_ms(0))

    assert statuses(outcomes) == [504]


def test_an_error_in_a_layer_is_not_hidden() -> None:
    """A bug in a layer of one's own reaches the one who runs it."""

    def fail(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        yield env.timeout(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        simulated(with_waiting(fail), at_ms(0))


@pytest.mark.parametrize(
    ("interrupts", "expected"),
    [(False, ([504, 200], [4, 0])), (True, ([504] * 2, [4] * 2))],
)
def test_a_layer_may_run_the_rest_of_its_path_as_a_simpy_process(
    *, interrupts: bool, expected: tuple[list[int], list[float]]
) -> None:
    """What layers yield are events; what is not interrupted fills the memory."""
    path = a_path({"memory": {"ttl": "1s"}}, an_origin("10ms"))
    outcomes = simulated([Impatient(interrupts=interrupts), *path], at_ms(0, 12))

    assert (statuses(outcomes), latencies_ms(outcomes)) == expected


def test_plain_events_come_before_those_of_requests() -> None:
    """SimPy's own priorities, 0 and 1, are smaller than every phase."""
    clock, seen = Clock(), list[str]()
    clock.after(5, COMPLETE, a_request()).callbacks.append(
        lambda _: seen.append("ours")
    )
    clock.timeout(5).callbacks.append(lambda _: seen.append("plain"))
    clock.run()

    assert seen == ["plain", "ours"]


def test_no_private_name_of_simpy_is_used() -> None:
    """The model is a SimPy model, not a part of SimPy."""
    env = Clock()
    known = {*dir(simpy.Environment()), *dir(env.timeout(1)), *dir(env.event())}
    private = {name for name in known if name.startswith("_") and name[1] != "_"}
    trees = [
        ast.parse(file.read_text(encoding="utf-8"))
        for file in Path(arrivals.__file__).parent.rglob("*.py")
    ]
    nodes = (node for tree in trees for node in ast.walk(tree))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}

    assert {"_queue", "_ok"} < private
    assert not private & used


def test_run_until_an_instant_stops_there() -> None:
    """The environment's own `run` works on this queue."""
    clock = Clock()
    clock.after(7, START, a_request())
    clock.run(until=5)

    assert (clock.now, clock.peek()) == (5, 7)


def test_no_event_is_beyond_the_horizon() -> None:
    """The instant before it can be waited for."""
    clock = Clock()
    clock.after(NEVER_NS - 1, START, a_request())

    with pytest.raises(HorizonError, match="an instant of the run is beyond"):
        clock.after(NEVER_NS, START, a_request())


def test_a_run_has_so_many_events_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would go on for days ends with a word about what to change."""
    monkeypatch.setattr("simcoalesce.model.clock.MOST_EVENTS", 3)
    clock = Clock()
    for wait_ns in range(4):
        clock.after(wait_ns, START, a_request())

    with pytest.raises(ValueError, match="events in one run; that would take hours"):
        clock.after(9, START, a_request())
