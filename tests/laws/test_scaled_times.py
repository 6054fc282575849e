"""All times three times as long: all instants and ages are, and nothing else changes.

The model knows no time but those that are written. So whatever is not proportional is
a constant that hides, a rounding, or an order of ties that depends on more than ties.
"""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import NEVER, Outcomes
from simcoalesce.request import Requests
from tests.metamorphic import LONG, QUICK, a_documented_path, documents, runs, written
from tests.random_scenarios import ALL_PATHS, any_requests

_DURATION = re.compile(r"([\d.]+)(ns|us|ms|s|m|min|h|d)")
_RATE = re.compile(r"([\d.]+)/(ns|us|ms|s|m|min|h|d)")
"""A duration or a rate, as a scenario says it."""
_DRAWN = {"uniform", "exponential", "weibull", "mixture"}
"""How latencies are drawn; a third of a draw is not always a draw."""
_EXACT = {
    "jitter": "none",
    "ttl_jitter": "0%",
    "whole_seconds": False,
    "counts_age": False,
}
"""In place of what draws times, or reckons in whole seconds."""

PROPORTIONAL = ALL_PATHS.filter(
    lambda path: all(layer.kind != "bounded_retries" for layer in path)
)
"""Traffic Server has times of its own, which no setting changes: its timers are up to
5 ms early, and a key is tried anew after 10 ms."""


def exact(value: Any) -> Any:
    """Return the document of a path in which all times can be tripled.

    None is drawn, or rounded to seconds. Redis rounds to milliseconds (PX 5 lives 5 to
    6 ms); on a grid that is coarser nobody can tell, so no command takes half of one.
    """
    if isinstance(value, list):
        return [exact(one) for one in value]
    if not isinstance(value, dict):
        return "10ms" if value in {"exact", "uniform", "500us"} else value
    if value.keys() & _DRAWN:
        return "10ms"
    return {name: _EXACT.get(name, exact(one)) for name, one in value.items()}


def tripled(value: Any) -> Any:
    """Return the document of a path with all durations and periods tripled."""
    if isinstance(value, list):
        return [tripled(one) for one in value]
    if isinstance(value, dict):
        return {name: tripled(one) for name, one in value.items()}
    if found := _DURATION.fullmatch(str(value)):
        return f"{float(found[1]) * 3!r}{found[2]}"
    if found := _RATE.fullmatch(str(value)):
        return f"{found[1]}/3{found[2]}"
    return value


def three_times(outcomes: Outcomes) -> dict[str, Any]:
    """Return what a run wrote, with all times tripled."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    found = written(
        replace(
            outcomes,
            request_rows=replace(
                rows,
                arrived_at_ns=3 * rows.arrived_at_ns,
                completed_at_ns=3 * rows.completed_at_ns,
                age_ns=np.where(rows.age_ns == NEVER, NEVER, 3 * rows.age_ns),
            ),
            origin_rows=replace(
                calls,
                called_at_ns=3 * calls.called_at_ns,
                completed_at_ns=3 * calls.completed_at_ns,
            ),
        )
    )
    usage = found["usage"]
    usage |= {unit: 3 * usage[unit] for unit in usage.keys() & {"object_active_ns"}}
    return found


def check(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert that tripled times triple what is written, on each engine."""
    short = exact(documents(path))
    later = replace(requests, arrived_at_ns=3 * requests.arrived_at_ns)
    after = runs(a_documented_path(tripled(short)), later, seed=seed)
    for engine, before in runs(a_documented_path(short), requests, seed=seed).items():
        assert written(after[engine]) == three_times(before), engine


@given(path=PROPORTIONAL, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_with_times_three_times_as_long_all_is_as_before_but_three_times_as_late(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Whatever happens at the same instant then too: intervals of buckets are whole."""
    check(path, requests, seed)


@pytest.mark.slow
@given(path=PROPORTIONAL, requests=any_requests(), seed=st.integers(0, 9))
@LONG
def test_times_of_thousands_of_scenarios_can_be_tripled(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """The same again, for longer."""
    check(path, requests, seed)
