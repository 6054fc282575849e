"""The beginning of runs: encoded once, and right under every seed."""

import numpy as np
from hypothesis import given, settings

from simcoalesce.compiled.beginning import Beginning, Traffic, beginning
from simcoalesce.model.layer import Layer
from tests.builders import a_path, an_origin
from tests.random_scenarios import PATHS

_TRAFFIC = Traffic(("key-0", "key-1"), ("at-0", "at-1"))


@settings(deadline=None, derandomize=True, max_examples=150)
@given(PATHS)
def test_a_known_beginning_is_the_one_that_is_encoded_anew(path: list[Layer]) -> None:
    """Whatever the layers draw, whole numbers or floats."""
    known = Beginning(path, _TRAFFIC, 1)
    anew = Beginning(path, _TRAFFIC, 2)

    assert known.names == anew.names
    assert known.counters == anew.counters
    if known.is_of(path, _TRAFFIC, 2):
        assert np.array_equal(known.under(2), anew.under(2))


def test_replications_of_drawn_latencies_begin_alike() -> None:
    """Only the keys of their streams differ."""
    path = a_path("kv.read", an_origin({"median": "100ms", "p99": "300ms"}))

    known = beginning(path, _TRAFFIC, 1)

    assert beginning(path, _TRAFFIC, 2) is known
    assert not np.array_equal(known.under(1), known.under(2))


def test_keys_that_the_seed_chooses_are_chosen_anew() -> None:
    """Which keys a fault concerns is no stream that a kernel draws from."""
    fault = {"kind": "random", "probability": 1, "share_of_keys": 0.5}
    path = a_path(an_origin("100ms", faults=[fault]))

    known = beginning(path, _TRAFFIC, 1)

    assert not known.is_of(path, _TRAFFIC, 2)
    assert beginning(path, _TRAFFIC, 2) is not known


def test_other_traffic_begins_otherwise() -> None:
    """So does another path, even of equal layers."""
    path = a_path("kv.read", an_origin("100ms"))
    known = Beginning(path, _TRAFFIC, 1)

    assert not known.is_of(path, _TRAFFIC._replace(keys=("key-0",)), 1)
    assert not known.is_of([*path], _TRAFFIC, 1)
