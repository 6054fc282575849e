"""Hedging trades load for latency: closed form F12 of docs/theory.md."""

import numpy as np
import pytest

from simcoalesce.outcomes import Outcomes
from tests.builders import a_path, an_origin, even, simulated, standard_errors

MEAN_S = 0.1


def hedged(delay_ms: int, seed: int = 1) -> Outcomes:
    """Return 5,000 requests with exponential latencies, hedged after a delay."""
    origin = an_origin({"exponential": "100ms"})
    path = a_path({"hedge": {"after": f"{delay_ms}ms"}}, origin)
    return simulated(path, even(5_000, 1_000), seed=seed)


@pytest.mark.parametrize("delay_ms", [0, 50, 100, 300])
def test_the_extra_load_is_the_share_of_calls_that_last_longer(delay_ms: int) -> None:
    """P(X > d): e^(-d / mean) for exponential latencies."""
    calls = np.bincount(hedged(delay_ms).origin_rows.request) - 1

    # Binomial: 4 standard errors of 5,000; all of them with a delay of 0.
    expected = np.exp(-delay_ms / 1_000 / MEAN_S)
    assert delay_ms or calls.all()
    assert not delay_ms or standard_errors(calls.tolist(), expected) < 4


@pytest.mark.parametrize("delay_ms", [0, 50, 100, 300])
def test_the_latency_is_that_of_the_first_or_of_the_second_call(delay_ms: int) -> None:
    """min(X1, d + X2): its mean is m (1 - e^(-d / m) / 2), m that of one call."""
    latency_s = hedged(delay_ms).request_rows.latency_ns / 1e9

    # Independent requests: 4 standard errors of 5,000.
    expected = MEAN_S * (1 - np.exp(-delay_ms / 1_000 / MEAN_S) / 2)
    assert standard_errors(latency_s.tolist(), expected) < 4


def test_each_request_takes_the_smaller_of_two_sums() -> None:
    """To the nanosecond, with the draws of its two calls."""
    outcomes = hedged(50)
    calls, latency_ns = outcomes.origin_rows, outcomes.request_rows.latency_ns
    done_ns = np.full(5_000, np.iinfo(np.int64).max)
    np.minimum.at(done_ns, calls.request, calls.completed_at_ns)

    assert np.array_equal(done_ns - outcomes.request_rows.arrived_at_ns, latency_ns)
