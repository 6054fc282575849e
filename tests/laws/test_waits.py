"""What a request waited for: parts that add up, whatever the path."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce import Scenario
from simcoalesce.explain.timeline.request_trace import NAMED, request_trace
from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.explain.timeline.wait_parts import WaitParts
from simcoalesce.model.contexts import labelled
from simcoalesce.model.isolate_pool import IsolateRules
from simcoalesce.model.layer import Layer
from simcoalesce.report.blocks.request_trace import request_trace_text
from simcoalesce.request import Requests
from tests.builders import tables, traced
from tests.random_scenarios import ALL_PATHS, ISOLATES, any_requests

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/assets/explain"
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
LONG = settings(QUICK, max_examples=3_000, derandomize=False)
WAYS = {"path": ALL_PATHS, "requests": any_requests(), "isolates": st.none() | ISOLATES}


def named(path: Path) -> str:
    """Return what a test of a file is called."""
    return path.stem


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
    row = which % len(requests)
    outcomes, again, trace = traced(
        path, requests, row, locations=2, keys=2, isolates=isolates
    )
    parts, rows = (
        WaitParts(path, labelled(path), trace).of_request(),
        again.request_rows,
    )

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


def check_the_trace(scenario: Scenario) -> None:
    """Assert that all of the wait of any request is accounted for."""
    for which in ("0", *NAMED):
        try:
            trace = request_trace(scenario, which)
        except ValueError:  # nothing of that kind happened
            continue
        in_order(trace.parts, trace.arrived_at_ns, trace.completed_at_ns)
        assert request_trace_text(trace, scenario)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=named)
def test_the_wait_of_an_explained_request_is_accounted_for(path: Path) -> None:
    """The slowest, the first of each kind, and the very first."""
    check_the_trace(Scenario.load(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS, ids=named)
def test_the_wait_of_any_shipped_request_is_accounted_for(path: Path) -> None:
    """The same, for the scenarios that are shipped."""
    check_the_trace(Scenario.load(path))
