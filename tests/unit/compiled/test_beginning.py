"""The beginning of runs: encoded once, and right under every seed."""

import numpy as np
import pytest
from hypothesis import given, settings

from simcoalesce.compiled.beginning import Beginning, TrafficFacts, beginning
from simcoalesce.compiled.fetched_counts import FetchedCounts
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.layer import Layer
from tests.builders import a_path, an_origin
from tests.random_scenarios import PATHS

_TRAFFIC = TrafficFacts(("key-0", "key-1"), ("at-0", "at-1"))
_DRAWN = a_path("kv.read", an_origin({"median": "100ms", "p99": "300ms"}))


def _counts() -> FetchedCounts:
    return FetchedCounts(Tally(keys=2, locations=2, window_ns=0))


@settings(deadline=None, derandomize=True, max_examples=150)
@given(PATHS)
def test_a_known_beginning_is_the_one_that_is_encoded_anew(path: list[Layer]) -> None:
    """Whatever the layers draw, whole numbers or floats."""
    known = Beginning(path, _TRAFFIC, 1)
    anew = Beginning(path, _TRAFFIC, 2)

    assert known.names == anew.names
    assert known.counters == anew.counters
    if known.is_of(path, _TRAFFIC, 2, is_counted=False):
        assert np.array_equal(known.under(2), anew.under(2))


def test_counts_begin_as_zeros() -> None:
    """Memory for them is known by its address, and not copied."""
    plain = Beginning(_DRAWN, _TRAFFIC, 1).under(1)

    known = Beginning(_DRAWN, _TRAFFIC, 1, _counts()).under(1)

    begun = _counts().begin(plain)
    assert np.array_equal(known, begun)


def test_replications_of_drawn_latencies_begin_alike() -> None:
    """Only the keys of their streams differ."""
    known = beginning(_DRAWN, _TRAFFIC, 1, None)

    assert beginning(_DRAWN, _TRAFFIC, 2, None) is known
    assert not np.array_equal(known.under(1), known.under(2))


def test_keys_that_the_seed_chooses_are_chosen_anew() -> None:
    """Which keys a fault concerns is no stream that a kernel draws from."""
    fault = {"kind": "random", "probability": 1, "share_of_keys": 0.5}
    path = a_path(an_origin("100ms", faults=[fault]))

    known = beginning(path, _TRAFFIC, 1, None)

    assert beginning(path, _TRAFFIC, 1, None) is known
    assert beginning(path, _TRAFFIC, 2, None) is not known


@pytest.mark.parametrize(
    ("path", "traffic", "is_counted"),
    [
        (_DRAWN, _TRAFFIC._replace(keys=("key-0",)), False),
        ([*_DRAWN], _TRAFFIC, False),
        (_DRAWN, _TRAFFIC, True),
    ],
)
def test_other_runs_begin_otherwise(
    path: list[Layer], traffic: TrafficFacts, *, is_counted: bool
) -> None:
    """Those of other keys, of another path of equal layers, those that count."""
    known = Beginning(_DRAWN, _TRAFFIC, 1)

    assert not known.is_of(path, traffic, 1, is_counted=is_counted)


def test_further_runs_have_the_memory_that_one_has_needed() -> None:
    """It is zero, as memory is that a run reserves."""
    known = Beginning(_DRAWN, _TRAFFIC, 1)
    before = known.under(1)

    known.expect(2 * len(before))

    assert len(known.under(1)) == 2 * len(before)
    assert not known.under(1)[len(before) :].any()
