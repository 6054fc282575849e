"""The valley between hits and misses."""

import numpy as np

from simcoalesce.fit.duration_valley import duration_valley_ns


def test_the_valley_lies_between_two_groups() -> None:
    """1 ms and 80 to 120 ms."""
    misses = 80 + np.arange(100) % 40
    durations_ms = np.concatenate([np.ones(400), misses])
    valley_ns = duration_valley_ns(durations_ms.astype(np.int64) * 1_000_000)

    assert valley_ns is not None
    assert 2e6 < valley_ns < 70e6


def test_one_group_has_no_valley() -> None:
    """Durations evenly from 1 to 100 ms on a logarithmic axis."""
    durations_ns = np.geomspace(1e6, 1e8, 500).astype(np.int64)

    assert duration_valley_ns(durations_ns) is None
