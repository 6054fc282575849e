"""Zipf's law from how many keys were asked for once, twice, ..."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.fit.arrivals.zipf_fit import zipf_fit
from tests.unit.fit.builders import generated


def asked(requests: int, keys: dict[str, Any]) -> np.ndarray:
    """Return how often each key was asked for."""
    burst = {"kind": "burst", "requests": requests, "within": "1s"}
    counts = np.bincount(generated([burst], 2.0, keys=keys)[1])
    return counts[counts > 0]


@pytest.mark.parametrize(
    ("s", "n", "requests"), [(0.8, 1_000, 8_000), (1.2, 2_000, 9_000)]
)
def test_exponent_and_number_of_keys_are_found(s: float, n: int, requests: int) -> None:
    """Within the interval, and within 0.03 and 10 %."""
    fit = zipf_fit(asked(requests, {"kind": "zipf", "s": s, "n": n}))

    assert fit is not None
    assert fit.s_interval[0] <= s <= fit.s_interval[1]
    assert fit.n_interval[0] <= n <= fit.n_interval[1]
    assert fit.s == pytest.approx(s, abs=0.03)
    assert fit.n == pytest.approx(n, rel=0.1)
    assert fit.discrepancy < 2


def test_keys_that_nobody_asked_for_are_counted() -> None:
    """5,000 requests for 20,000 keys show a fifth of them."""
    counts = asked(5_000, {"kind": "zipf", "s": 0.7, "n": 20_000})
    fit = zipf_fit(counts)

    assert fit is not None
    assert len(counts) < 5_000
    assert fit.n == pytest.approx(20_000, rel=0.25)


def test_keys_that_follow_no_such_law_are_told() -> None:
    """Half of 40 keys are asked for a hundred times as often as the others."""
    weights = {f"k{n}": 100 if n < 20 else 1 for n in range(40)}
    fit = zipf_fit(asked(8_000, {"kind": "weighted", "weights": weights}))

    assert fit is not None
    assert fit.discrepancy > 3


def test_few_keys_or_requests_tell_no_law() -> None:
    """Four keys, or 49 requests."""
    assert zipf_fit(np.array([100, 50, 30, 20])) is None
    assert zipf_fit(np.array([20, 10, 9, 5, 5])) is None


def test_the_rows_are_pairs_that_were_found_together() -> None:
    """The same counts give the same rows."""
    counts = asked(5_000, {"kind": "zipf", "s": 0.9, "n": 500})
    one, other = zipf_fit(counts), zipf_fit(counts)

    assert one is not None
    assert other is not None
    assert (one.rows == other.rows).all()
    assert one.rows.shape == (25, 2)
