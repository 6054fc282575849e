"""Coverage of printed intervals: exact where it can be, else over many experiments.

The figures are those of the table in docs/statistics.md.
"""

from collections.abc import Callable, Iterator
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.conditions.binomial import lower_bound, upper_bound
from simcoalesce.conditions.estimate import estimate
from simcoalesce.conditions.over_runs import RunQuantile, RunShare
from simcoalesce.conditions.truth import truth_of
from simcoalesce.experiment.precision import MISS_OF_LOOKS, is_asked_after
from simcoalesce.randomness import Stream

EXPERIMENTS = 1_000
SHARES = (1 / 130, 0.03, 0.1, 0.2, 0.3)
"""In which share of the runs a count is not zero: 1 in 130 is rare-refusal.yaml."""

Sizes = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Makes the size of a count from a uniform number; its mean is 1."""

SIZES: dict[str, Sizes] = {
    "always one": np.ones_like,
    "1 to 9, uniform": lambda uniform: np.ceil(uniform * 9) / 5,
    "exponential": lambda uniform: -np.log1p(-uniform),
}


def counts(ratio: float, sizes: Sizes, runs: int) -> NDArray[np.float64]:
    """Return experiments with runs of a count that is seldom another than 0."""
    numbers = np.arange(EXPERIMENTS * runs)
    happens = Stream(1, "coverage.happens").uniforms(numbers) < ratio
    size = sizes(Stream(1, "coverage.size").uniforms(numbers))
    return np.where(happens, size, 0.0).reshape(EXPERIMENTS, runs)


def covered_ratio(ratio: float, sizes: Sizes, runs: int) -> float:
    """Return how often what is said is true of the mean, or of a number without width.

    Where all runs have the same number it is said in how many runs there is another.
    """
    held = 0
    for experiment in counts(ratio, sizes, runs):
        known = estimate(experiment.tolist(), unit="1", is_positive=True)
        assert known.low is not None
        assert known.high is not None
        is_so = known.low <= ratio <= known.high
        held += ratio <= upper_bound(0, runs) if known.is_same else is_so
    return held / EXPERIMENTS


@pytest.mark.parametrize("runs", [5, 10, 30, 100])
@pytest.mark.parametrize("ratio", SHARES, ids=lambda ratio: f"{ratio:.1%}")
@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_counts_that_are_nearly_always_zero_are_covered(
    ratio: float, sizes: Sizes, runs: int
) -> None:
    """At least 88 % in the worst of 60 cases, and 93 % in nearly all.

    Student's t alone, with [0, 0] for equal numbers, holds the mean in 4 to 95 %.
    """
    # Four standard errors of a share of 88 % in 1,000 experiments are 4.1 %.
    assert covered_ratio(ratio, sizes, runs) >= 0.88 - 0.041


def test_nearly_always_zero_is_covered_in_most_cases() -> None:
    """The mean over all cases, and the share of cases below 93 %."""
    every = [
        covered_ratio(ratio, sizes, runs)
        for ratio in SHARES
        for sizes in SIZES.values()
        for runs in (5, 10, 30, 100)
    ]

    assert sum(every) / len(every) >= 0.95
    assert sum(one < 0.93 for one in every) <= len(every) * 0.15


@pytest.mark.parametrize("runs", [5, 10, 30, 100])
@pytest.mark.parametrize("ratio", SHARES, ids=lambda ratio: f"{ratio:.1%}")
def test_changes_that_are_nearly_always_zero_are_covered(
    ratio: float, runs: int
) -> None:
    """Up as often as down: no change on average, and at least 93 % say so."""
    sizes = counts(ratio, SIZES["exponential"], runs)
    signs = Stream(1, "coverage.sign").uniforms(np.arange(sizes.size)) < 0.5
    changes = sizes * np.where(signs, 1, -1).reshape(sizes.shape)
    every = [estimate(one.tolist(), unit="1") for one in changes]
    held = [one.low is not None and one.low <= 0 <= (one.high or 0) for one in every]

    # Four standard errors of 95 % in 1,000 experiments are 2.8 %.
    assert sum(held) / EXPERIMENTS >= 0.95 - 0.028


def probabilities(ratio: float, runs: int) -> Iterator[tuple[int, float]]:
    """Yield how often a condition is true in so many runs, and how likely that is."""
    for true in range(runs + 1):
        yield true, comb(runs, true) * ratio**true * (1 - ratio) ** (runs - true)


@pytest.mark.parametrize("runs", [2, 5, 30, 130])
def test_a_share_of_runs_is_covered(runs: int) -> None:
    """Exactly: two-sided at least 95 %, and each one-sided bound too."""
    for ratio in (0.001, 1 / 130, 0.01, 0.05, 0.1, 0.3, 0.5, 0.9, 0.99):
        both = upper = lower = 0.0
        for true, likely in probabilities(ratio, runs):
            low, high = RunShare(true, runs).bounds(0.025)
            both += likely * (low <= ratio <= high)
            upper += likely * (ratio <= upper_bound(true, runs))
            lower += likely * (lower_bound(true, runs) <= ratio)

        assert min(both, upper, lower) >= 0.95 - 1e-12


@pytest.mark.parametrize("runs", [10, 59, 93, 300])
def test_a_quantile_over_runs_is_covered(runs: int) -> None:
    """Exactly, by the rank of the quantile of numbers that are all different."""
    known = RunQuantile(0.95, [float(rank) for rank in range(1, runs + 1)])
    low, high = known.bounds(0.025)
    covered = above = 0.0
    for below, likely in probabilities(0.95, runs):
        # So many numbers lie below the quantile: it is between two of them.
        covered += likely * (low <= below + 0.5 <= high)
        above += likely * (below + 0.5 <= known.bounds()[1])

    assert min(covered, above) >= 0.95 - 1e-12


@pytest.mark.parametrize(
    ("limit", "most"),
    [
        (0.05, 300),
        *(
            pytest.param(limit, 2_000, marks=pytest.mark.slow)
            for limit in (0.01, 0.05, 0.5)
        ),
    ],
)
def test_looks_at_a_share_decide_wrongly_in_5_of_100_at_most(
    limit: float, most: int
) -> None:
    """Exactly, over all looks, where the share is the limit itself."""
    looks = [runs for runs in range(10, most + 1) if is_asked_after(runs)]
    open_ones, done, wrong = np.ones(1), 0, {True: 0.0, False: 0.0}
    for runs in looks:
        more = [likely for _, likely in probabilities(limit, runs - done)]
        open_ones, done = np.convolve(open_ones, more), runs
        for true, likely in enumerate(open_ones):
            ends = RunShare(true, runs).bounds(MISS_OF_LOOKS)
            if likely > 1e-9 and truth_of("<=", *ends, limit) != "undecided":
                wrong[true / runs > limit] += likely
                open_ones[true] = 0.0

    assert max(wrong.values()) <= 0.05
