"""Several calls for one request, and one for several: F16 of docs/theory.md."""

import numpy as np
import pytest

from simcoalesce.outcomes import Outcomes
from tests.builders import a_path, an_origin, even, poisson, simulated, standard_errors


def asked(calls: int, at_once: int) -> Outcomes:
    """Return 4,000 requests whose calls have exponential latencies of 100 ms."""
    layer = {"fan_out": {"calls": calls, "at_once": at_once}}
    path = a_path(layer, an_origin({"exponential": "100ms"}))
    return simulated(path, even(4_000, 1_000))


@pytest.mark.parametrize("calls", [2, 3, 10])
def test_at_once_it_lasts_as_long_as_the_longest_call(calls: int) -> None:
    """For exponential latencies: the mean times 1 + 1/2 + ... + 1/n."""
    latency_s = asked(calls, calls).request_rows.latency_ns / 1e9

    # Independent requests: 4 standard errors of 4,000.
    expected = 0.1 * sum(1 / k for k in range(1, calls + 1))
    assert standard_errors(latency_s.tolist(), expected) < 4


@pytest.mark.parametrize("calls", [2, 3, 10])
def test_one_after_the_other_it_lasts_as_long_as_all(calls: int) -> None:
    """N times the mean; to the nanosecond, the sum of its calls."""
    outcomes = asked(calls, 1)
    rows, latency_ns = outcomes.origin_rows, outcomes.request_rows.latency_ns
    took_ns = rows.completed_at_ns - rows.called_at_ns
    sums_ns = np.bincount(rows.request, took_ns).astype(np.int64)

    # Independent requests: 4 standard errors of 4,000.
    assert np.array_equal(sums_ns, latency_ns)
    assert standard_errors((latency_ns / 1e9).tolist(), 0.1 * calls) < 4


def test_batches_of_poisson_arrivals_hold_one_more_than_their_window() -> None:
    """Of rate r, 1 + r x window misses become one call: 1 + 100 x 0.05 = 6."""
    sizes = []
    for seed in range(30):
        path = a_path({"batch": {"within": "50ms"}}, an_origin("20ms"))
        calls = simulated(path, poisson(2_000, 100, seed=seed)).origin_rows
        sizes.append(2_000 / len(calls.request))

    # 4 standard errors of the mean of 30 runs.
    assert standard_errors(sizes, 6) < 4
