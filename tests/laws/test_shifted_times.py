"""All seven seconds later: instants are, and nothing else changes.

Where nothing is told by the clock of the run: what stores hold at the start, windows of
faults, versions of content. Windows of limits (20 ms) and of whole seconds are whole in
7 s; so is the grid of Redis.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from tests.metamorphic import LONG, QUICK, a_documented_path, documents, runs, written
from tests.random_scenarios import ALL_PATHS, any_requests

LATER_NS = 7_000_000_000
_BY_THE_CLOCK = {"initial", "changes_every", "changes_at"}


def clockless(value: Any) -> Any:
    """Return the document of a path in which nothing happens at a given instant."""
    if isinstance(value, list):
        return [clockless(one) for one in value if not _is_window_of_faults(one)]
    if not isinstance(value, dict):
        return value
    kept = value.keys() - _BY_THE_CLOCK
    return {name: clockless(one) for name, one in value.items() if name in kept}


def _is_window_of_faults(value: Any) -> bool:
    return isinstance(value, dict) and value.get("kind") == "window"


def check(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert that later arrivals are answered as much later."""
    path = a_documented_path(clockless(documents(path)))
    later = replace(requests, arrived_at_ns=requests.arrived_at_ns + LATER_NS)
    after = runs(path, later, seed=seed)
    for engine, before in runs(path, requests, seed=seed).items():
        found = written(after[engine])
        for table, columns in (("request_rows", (4, 5)), ("origin_rows", (2, 3))):
            for column in columns:
                instants = found[table][column]
                found[table][column] = [instant - LATER_NS for instant in instants]
        assert found == written(before), engine


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_requests_that_come_later_are_answered_as_much_later(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """No instant of a run is the first: all begins full, idle and closed."""
    check(path, requests, seed)


@pytest.mark.slow
@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@LONG
def test_thousands_of_scenarios_may_begin_later(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """The same again, for longer."""
    check(path, requests, seed)
