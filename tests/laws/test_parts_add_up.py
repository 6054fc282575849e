"""What is counted of the parts of a whole adds up to it, with both engines."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.compiled import api
from simcoalesce.experiment.selected_tallies import SelectedTallies, tally_of
from simcoalesce.metrics import Tally, measure
from simcoalesce.model import edge
from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from simcoalesce.scenario.scenario import Scenario
from tests.random_scenarios import ALL_PATHS, PATHS, any_requests

QUICK = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
COUNTS = (
    *("requests", "errors", "cache_hits", "cache_misses", "stale_served"),
    *("leaders", "followers"),
    *("origin_hits", "origin_accepted", "origin_rejected", "origin_failed"),
)
"""Metrics of which each request, or each call, is in one part only."""
PARTITIONS = (
    ("[location=at-0]", "[location=at-1]"),
    ("[key=key-0]", "[key=key-1]"),
    ("[..20ms]", "[20ms..45ms]", "[45ms..]"),
    ("[location=at-0, key=key-0]", "[location=at-1, key=key-0]", "[key=key-1]"),
)
ASKED = Scenario.parse("""
version: 1
traffic:
  arrivals: [{kind: burst, requests: 1, within: 0ms}]
  keys: {kind: weighted, weights: {key-0: 1, key-1: 1}}
  locations: {at-0: 1, at-1: 1}
origin: {latency: 120ms}
path: [origin]
""").with_metrics(*(f"requests{one}" for parts in PARTITIONS for one in parts))
NAMES: dict[str, Any] = {"keys": ("key-0", "key-1"), "locations": ("at-0", "at-1")}


def check_that_parts_add_up(tally: Tally) -> None:
    """Assert that each count is the sum of those of the parts."""
    whole = measure(tally)
    for parts in PARTITIONS:
        found = [measure(tally.selected[f"requests{part}"]) for part in parts]
        summed = {name: sum(one[name] or 0 for one in found) for name in COUNTS}
        assert summed == {name: whole[name] for name in COUNTS}, parts


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_the_parts_of_any_run_add_up(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Keys, locations and consecutive times, with rows and streamed."""
    outcomes = edge.simulate(path, [requests], seed=seed, **NAMES)
    tally = tally_of(ASKED, outcomes)
    check_that_parts_add_up(tally)

    parts = SelectedTallies(ASKED, NAMES["keys"], NAMES["locations"])
    edge.stream(
        path,
        [requests],
        parts.add,
        arrived=lambda chunk: parts.arrive(chunk.location),
        seed=seed,
        **NAMES,
    )

    for name, part in parts.by_name.items():
        assert measure(part) == measure(tally.selected[name])


@given(path=PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_the_parts_of_a_compiled_run_add_up_to_the_same(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Part by part."""
    pytest.importorskip("llvmlite", reason="the compiled engine needs llvmlite")
    outcomes = edge.simulate(path, [requests], seed=seed, **NAMES)
    compiled = api.simulate_compiled(path, [requests], seed=seed, **NAMES)
    plain, tally = tally_of(ASKED, outcomes), tally_of(ASKED, compiled)
    check_that_parts_add_up(tally)

    for name, part in tally.selected.items():
        assert measure(part) == measure(plain.selected[name])
