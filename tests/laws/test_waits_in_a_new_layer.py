"""A layer that only a test knows: its waits are named by what it says of itself."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce import Scenario
from simcoalesce.explain.timeline.request_trace import request_trace
from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, START, Fetch, Signal, Steps
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from tests.builders import MS


class Pause(Layer):
    """It delays what comes, and its answer, and says nothing of it."""

    kind: Literal["pause"] = "pause"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        def pause(request: Request) -> Steps:
            yield context.clock.after(30 * MS, START, request)
            answer = yield from fetch(request)
            yield context.clock.after(7 * MS, START, request)
            return answer

        return pause


class Toll(Layer):
    """It tells what it waits for, and then fails."""

    kind: Literal["toll"] = "toll"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, tell = context.clock, context.tell
        code = context.recorder.code_of(self.kind)

        def pay(request: Request) -> Steps:
            if tell is not None:
                tell(request, "coins", clock.now_ns + 20 * MS)
            yield clock.after(25 * MS, START, request)
            return Answer(503, Lookup.MISS, Role.NONE, code, clock.now_ns)

        return pay


class Gathering(Layer):
    """One fetches, and the others wait for its answer."""

    makes_wait: ClassVar[bool] = True

    kind: Literal["gathering"] = "gathering"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        answers: list[Signal] = []

        def gather(request: Request) -> Steps:
            if answers:
                answer: Answer = yield answers[0]
                return answer.as_followed()
            answers.append(Signal(context.clock))
            led = yield from fetch(request)
            answers[0].send(led, ANSWER, request)
            return led.as_led()

        return gather


def parts(path: str, which: str) -> list[tuple[str, str, float]]:
    """Return the parts of a wait: name, layer, and length in milliseconds."""
    scenario = Scenario.parse(
        f"""
        traffic: {{arrivals: [{{kind: even, requests: 2, every_request: 20ms}}]}}
        origin: {{latency: 120ms}}
        path: {path}
        """,
        extra=[Pause, Toll, Gathering],
    )
    found = request_trace(scenario, which).parts
    return [(one.name, one.layer, one.length_ns / MS) for one in found]


def test_what_a_layer_says_nothing_of_has_its_name() -> None:
    """Before the calls of the next one, and after them."""
    assert parts("[pause, origin]", "0") == [
        ("wait in the pause", "pause", 30),
        ("origin", "origin", 120),
        ("wait in the pause", "pause", 7),
    ]


def test_what_a_layer_tells_is_named_so_as_long_as_it_says() -> None:
    """The rest has the name of the layer."""
    assert parts("[toll, origin]", "0") == [
        ("coins", "toll", 20),
        ("wait in the toll", "toll", 5),
    ]


def test_those_who_wait_in_a_layer_wait_for_the_fetch_of_another() -> None:
    """Since it makes them wait, and serves not one after the other."""
    assert parts("[gathering, origin]", "1") == [
        ("wait for another's fetch", "gathering", 100)
    ]
