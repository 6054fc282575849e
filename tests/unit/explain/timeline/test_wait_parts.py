"""What a request waited for, by instants worked out by hand."""

from simcoalesce import Scenario
from simcoalesce.explain.timeline.request_trace import request_trace
from simcoalesce.explain.timeline.wait_part import WaitPart

WAITS = "tests/assets/explain/why-waits.yaml"
MS = 1_000_000


def parts_of(scenario: Scenario, which: str) -> list[tuple[str, int]]:
    """Return what a request waited for, and how many milliseconds."""
    trace = request_trace(scenario, which, seed=1)
    return [(one.name, one.length_ns // MS) for one in trace.parts]


def some_parts(which: str) -> tuple[WaitPart, ...]:
    """Return the parts of a request whose put, or whose calls, were slow."""
    return request_trace(Scenario.load(WAITS), which).parts


def test_the_put_that_is_awaited_is_most_of_the_wait() -> None:
    """5 ms, 100 ms and 2 s."""
    scenario = Scenario.load(WAITS)

    assert parts_of(scenario, "0") == [
        ("KV read", 5),
        ("origin", 100),
        ("KV write", 2_000),
    ]


def test_what_was_refused_twice_and_found_then_is_told_by_attempts() -> None:
    """With the back-off of 500 ms, doubled before the third."""
    parts = some_parts("31")

    assert [(one.name, one.length_ns // MS, one.attempt) for one in parts] == [
        *(("KV read", 5, 1), ("origin", 10, 1), ("back-off", 500, 1)),
        *(("KV read", 5, 2), ("origin", 10, 2), ("back-off", 1_000, 2)),
        ("KV read", 5, 3),
    ]
    assert [one.status for one in parts if one.name == "origin"] == [429, 429]
    assert parts[-1].outcome == "hit"
    assert {one.asked_by for one in parts if one.attempt > 1} == {"retry"}
