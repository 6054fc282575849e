"""Coverage: how often a 95 % interval holds the truth, over a thousand experiments."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.conditions.estimate import estimate
from simcoalesce.experiment.single_run import run
from simcoalesce.metrics import Tally, origin_rejected
from simcoalesce.scenario.scenario import Scenario

Measure = Callable[[Scenario, int], float]

EXPERIMENTS = 1_000
REPLICATIONS = 10

pytestmark = pytest.mark.slow

QUEUE = """\
version: 1
duration: 4s
traffic: {arrivals: [{kind: rate, rate: 50/s}]}
origin: {latency: {exponential: 10ms}, concurrency: 1}
path: [origin]
"""

BUCKET = """\
version: 1
duration: 2s
traffic: {arrivals: [{kind: rate, rate: 100/s}]}
origin: {latency: 1ms, rate_limit: {kind: token_bucket, rate: 40/s, burst: 20}}
path: [origin]
"""


def mean_latency_s(scenario: Scenario, seed: int) -> float:
    """Return the mean latency of a run, warm-up included: a finite horizon."""
    rows = run(scenario, seed=seed).request_rows
    return float(rows.latency_ns.mean()) / 1e9


def rejected(scenario: Scenario, seed: int) -> float:
    """Return how many calls a run's bucket refuses."""
    return float(origin_rejected(Tally.of(run(scenario, seed=seed))))


def covered_ratio(values: NDArray[np.float64], truth: float) -> float:
    """Return the share of experiments whose interval holds the truth."""
    held = 0
    for experiment in values.reshape(EXPERIMENTS, REPLICATIONS):
        known = estimate(experiment.tolist(), unit="1")
        assert known.low is not None
        assert known.high is not None
        held += known.low <= truth <= known.high
    return held / EXPERIMENTS


@pytest.mark.parametrize(
    ("text", "measure"),
    [(QUEUE, mean_latency_s), (BUCKET, rejected)],
    ids=["M/M/1", "token bucket"],
)
def test_95_of_100_intervals_hold_the_truth(text: str, measure: Measure) -> None:
    """93 to 97 %, on a queue and on a token bucket, both over a finite horizon.

    The truth is the mean over all runs, which know it 31 times better than ten do.
    """
    scenario = Scenario.parse(text)
    seeds = range(1, EXPERIMENTS * REPLICATIONS + 1)
    values = np.array([measure(scenario, seed) for seed in seeds])

    truth = float(values.mean())

    assert 0.93 <= covered_ratio(values, truth) <= 0.97
