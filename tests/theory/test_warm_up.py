"""Warm-up: M/M/1 from empty, and from a full queue, against its known mean (F8)."""

import numpy as np

from simcoalesce.metrics import mser5, warm_up_s
from simcoalesce.outcomes import Outcomes
from tests.builders import (
    S,
    a_path,
    an_origin,
    at_ns,
    poisson,
    simulated,
    standard_errors,
)

RATE_PER_S = 60.0
SOJOURN_S = 1 / (100 - RATE_PER_S)
"""Of 100 services a second."""
SEEDS = range(40)


def a_queue(seed: int, *, waiting: int = 0) -> Outcomes:
    """Return a run of 5,000 Poisson arrivals, before whom some are waiting already."""
    path = a_path(an_origin({"exponential": "10ms"}, concurrency=1))
    later = poisson(5_000, RATE_PER_S, seed=seed).arrived_at_ns
    instants = np.concatenate([np.zeros(waiting, dtype=np.int64), later])
    return simulated(path, at_ns(instants), seed=seed)


def steady_mean_s(outcomes: Outcomes) -> float:
    """Return the mean sojourn behind the warm-up."""
    latency_s = outcomes.request_rows.latency_ns / S
    cut = mser5(latency_s)
    assert cut is not None
    return float(latency_s[cut:].mean())


def test_from_empty_the_mean_behind_the_warm_up_is_the_known_one() -> None:
    """1 / (mu - lambda), within 4 standard errors over 40 seeds."""
    means = [steady_mean_s(a_queue(seed)) for seed in SEEDS]

    assert standard_errors(means, SOJOURN_S) < 4


def test_behind_a_full_queue_only_the_cut_mean_is_the_known_one() -> None:
    """Three hundred are waiting at the start; uncut, the mean is far off."""
    runs = [a_queue(seed, waiting=300) for seed in SEEDS]
    cut = [steady_mean_s(run) for run in runs]
    whole = [float(run.request_rows.latency_ns.mean() / S) for run in runs]

    assert standard_errors(cut, SOJOURN_S) < 4
    assert standard_errors(whole, SOJOURN_S) > 20


def test_a_queue_that_is_offered_too_much_is_never_steady() -> None:
    """200 arrivals a second for 100 services."""
    path = a_path(an_origin({"exponential": "10ms"}, concurrency=1))

    settled = [
        warm_up_s(simulated(path, poisson(2_000, 200.0, seed=seed), seed=seed))
        for seed in range(10)
    ]

    assert settled == [None] * 10
