"""Tiers: closed form F14 of docs/theory.md."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcoalesce.randomness import Stream
from simcoalesce.request import Requests
from tests.builders import MS, a_burst, a_path, an_origin, hits, simulated

LOCATIONS = 8
REGIONS = {"west": ["at-0", "at-1", "at-2"], "east": [f"at-{n}" for n in range(3, 8)]}
SHARED: dict[int, list[Any]] = {
    8: ["cdn"],
    2: ["cdn", {"cdn": {"scope": "region", "regions": REGIONS, "hop": "20ms"}}],
    1: ["cdn", {"cdn": {"scope": "global", "hop": {"median": "60ms", "p99": "200ms"}}}],
}


def from_everywhere(seed: int) -> Requests:
    """Return a burst of 400 requests from eight locations at random, and each once."""
    burst = a_burst(400, within_ns=400 * MS, seed=seed)
    location = Stream(seed, "locations").choices(np.arange(400), LOCATIONS)
    location[:LOCATIONS] = np.arange(LOCATIONS)
    return replace(burst, location=location.astype(np.int64))


@pytest.mark.parametrize("calls", SHARED)
@given(seed=st.integers(0, 10_000), latency=st.sampled_from(["5ms", "120ms", "900ms"]))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_a_cold_key_costs_a_call_for_each_of_the_last_caches(
    calls: int, seed: int, latency: str
) -> None:
    """Eight locations make eight calls, or two, or one with a tier that all share."""
    path = a_path(*SHARED[calls], an_origin(latency))

    assert hits(simulated(path, from_everywhere(seed))) == calls


def test_without_collapsing_a_shared_tier_does_not_help_a_cold_key() -> None:
    """All who miss before the first answer is there go through both."""
    open_ = {"lock": False}
    tiers: list[Any] = [{"cdn": open_}, {"cdn": {**open_, "scope": "global"}}]
    requests = from_everywhere(seed=1)
    early = (requests.arrived_at_ns < requests.arrived_at_ns[0] + 120 * MS).sum()

    assert hits(simulated(a_path(*tiers, an_origin("120ms")), requests)) == early
