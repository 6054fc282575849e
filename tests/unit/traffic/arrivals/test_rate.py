"""Steady rates."""

from collections.abc import Callable
from itertools import islice
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from simcoalesce.traffic.arrival import Arrival, PhaseStreams

InstantsOf = Callable[..., NDArray[np.int64]]
PhaseOf = Callable[..., Arrival]


def test_a_poisson_rate_has_its_mean_and_its_spread(instants_of: InstantsOf) -> None:
    """Counts in 1,000 windows of 100 expected requests: mean 100, variance 100."""
    instants = instants_of({"kind": "rate", "rate": "10k/s"}, until="10s")
    counts = np.bincount(instants // 10_000_000, minlength=1_000)

    # 4 standard errors: of the mean, sqrt(100/1000); of the variance, about
    # 100 * sqrt(2/1000).
    assert abs(counts.mean() - 100) < 4 * sqrt(0.1)
    assert abs(counts.var() - 100) < 4 * 100 * sqrt(2 / 1_000)


def test_an_even_rate_is_a_metronome(instants_of: InstantsOf) -> None:
    """5/s evenly is a request every 200 ms."""
    instants = instants_of(
        {"kind": "rate", "rate": "5/s", "process": "even", "for": "1s"}
    )

    assert instants.tolist() == [i * 200_000_000 for i in range(5)]


def test_a_rate_stops_when_it_is_said(instants_of: InstantsOf) -> None:
    """With for: 1s nothing comes after the first second."""
    instants = instants_of({"kind": "rate", "rate": "1k/s", "for": "1s"})

    assert instants[-1] < 10**9


def test_a_rate_streams(phase_of: PhaseOf) -> None:
    """A hundred billion requests are not made before the first is asked for."""
    phase = phase_of({"kind": "rate", "rate": "100M/s"})

    block = next(islice(phase.instants(PhaseStreams(1, 0), 1_000 * 10**9), 1))

    assert len(block) <= 65_536
