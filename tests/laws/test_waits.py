"""What a request waited for: parts that add up, whatever the path."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.explain.timeline.wait_parts import WaitParts
from simcoalesce.model.contexts import labelled
from simcoalesce.model.isolate_pool import IsolateRules
from simcoalesce.model.layer import Layer
from simcoalesce.model.trace import SpanTrace
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from tests.builders import simulated, tables
from tests.random_scenarios import ALL_PATHS, ISOLATES, any_requests

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=3_000, derandomize=False)
WAYS = {"path": ALL_PATHS, "requests": any_requests(), "isolates": st.none() | ISOLATES}


def traced(
    path: list[Layer],
    requests: Requests,
    isolates: IsolateRules | None,
    outcomes: Outcomes,
    row: int,
) -> tuple[Outcomes, SpanTrace]:
    """Return the same run with a trace of one request."""
    rows = outcomes.request_rows
    from_ns, until_ns = int(rows.arrived_at_ns[row]), int(rows.completed_at_ns[row])
    trace = SpanTrace(row, keys=None, from_ns=from_ns, until_ns=until_ns)
    again = simulated(
        path, requests, locations=2, keys=2, isolates=isolates, trace=trace
    )
    return again, trace


def in_order(parts: tuple[WaitPart, ...], from_ns: int, until_ns: int) -> None:
    """Assert that parts cover a time, one after the other."""
    ends_ns = [from_ns, *(one.until_ns for one in parts)]
    assert ends_ns[:-1] == [one.from_ns for one in parts]
    assert ends_ns[-1] == until_ns
    assert all(earlier <= later for earlier, later in pairwise(ends_ns))
    for one in parts:
        if one.parts:
            in_order(one.parts, one.from_ns, one.until_ns)


def check_the_parts(
    path: list[Layer], requests: Requests, isolates: IsolateRules | None, which: int
) -> None:
    """Assert what holds for the parts of any wait."""
    outcomes = simulated(path, requests, locations=2, keys=2, isolates=isolates)
    row, rows = which % len(requests), outcomes.request_rows
    again, trace = traced(path, requests, isolates, outcomes, row)
    parts = WaitParts(path, labelled(path), trace).of_request()

    assert tables(again) == tables(outcomes)
    in_order(parts, int(rows.arrived_at_ns[row]), int(rows.completed_at_ns[row]))
    assert sum(one.length_ns for one in parts) == rows.latency_ns[row]
    answer = trace.root.answer
    assert answer is not None
    assert (answer.status, answer.served_by) == (rows.status[row], rows.served_by[row])
    assert all(one.attempt >= 1 for one in parts)


@given(**WAYS, which=st.integers(0, 24))
@QUICK
def test_the_parts_of_a_wait_add_up_to_it_and_change_nothing(
    path: list[Layer], requests: Requests, isolates: IsolateRules | None, which: int
) -> None:
    """Whole nanoseconds, in order, with the status and the layer of the row."""
    check_the_parts(path, requests, isolates, which)


@pytest.mark.slow
@given(**WAYS, which=st.integers(0, 24))
@LONG
def test_thousands_of_waits_add_up(
    path: list[Layer], requests: Requests, isolates: IsolateRules | None, which: int
) -> None:
    """The same again, for longer."""
    check_the_parts(path, requests, isolates, which)
