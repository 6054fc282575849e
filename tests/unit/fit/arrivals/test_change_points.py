"""Change points: where the rate of arrivals changes."""

from typing import Any

import numpy as np

from simcoalesce.fit.arrivals.change_points import change_points
from tests.unit.fit.builders import generated


def counts(duration_s: float, *arrivals: dict[str, Any]) -> np.ndarray:
    """Return arrivals in bins of 100 ms."""
    at_s, _ = generated(arrivals, duration_s)
    bins = np.arange(0, duration_s + 0.05, 0.1)
    return np.histogram(at_s, bins=bins)[0].astype(np.int64)


def test_a_steady_rate_has_none() -> None:
    """Of 600 bins."""
    assert change_points(counts(60, {"kind": "rate", "rate": "100/s"})) == []


def test_a_burst_has_two() -> None:
    """It begins in bin 300 and ends in bin 310."""
    burst = {"kind": "burst", "at": "30s", "requests": 500, "within": "1s"}

    found = change_points(counts(60, {"kind": "rate", "rate": "100/s"}, burst))

    assert found == [300, 310]


def test_a_step_has_one() -> None:
    """From 10/s to 50/s: within two bins."""
    step = {"kind": "rate", "at": "20s", "rate": "40/s"}

    (found,) = change_points(counts(40, {"kind": "rate", "rate": "10/s"}, step))

    assert abs(found - 200) <= 2


def test_one_bin_has_none() -> None:
    """There is nothing to compare it with."""
    assert change_points(np.array([5])) == []
