"""The log and a law side by side at a plain cache."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.fit.arrivals.hit_ratios import (
    generated_hit_ratios,
    hit_ratio,
    hit_ratios,
)
from tests.unit.fit.builders import generated


def test_a_hit_is_within_the_lifetime_of_the_fetch() -> None:
    """Fetches at 0 and 10; a hit at 9.9, and one at 11 of what was fetched at 10."""
    at_s = np.array([0.0, 9.9, 10.0, 11.0])

    assert hit_ratio(at_s, np.zeros(4, np.int64), 10.0) == 0.5


def test_what_has_no_key_is_no_hit() -> None:
    """Its code is -1."""
    assert hit_ratio(np.array([0.0, 1.0]), np.array([-1, -1]), 10.0) == 0.0


def test_a_law_has_the_hits_of_what_it_made() -> None:
    """Another seed of the same model: within two percent points."""
    arrivals: list[dict[str, Any]] = [{"kind": "rate", "rate": "100/s"}]
    keys: dict[str, Any] = {"kind": "zipf", "s": 0.8, "n": 500}
    at_s, key = generated(arrivals, 60.0, seed=9, keys=keys)

    found = generated_hit_ratios(arrivals, keys, 60.0)

    assert found == pytest.approx(hit_ratios(at_s, key), abs=0.02)
