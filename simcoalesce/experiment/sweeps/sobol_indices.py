"""Sobol indices: the share of a metric's variance that each parameter makes.

The points are those of `saltelli_points`; estimators and the bootstrap are SciPy's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from statistics import fmean, pvariance
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.experiment.difference import paired
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.sweeps.sampling import Point, saltelli_points
from simcoalesce.experiment.sweeps.sweep import Sweep, SweepPlan

_RESAMPLES: Final = 999


@dataclass(frozen=True, slots=True)
class SobolIndex:
    """How much of the variance of a metric one parameter makes, over the whole sweep.

    Attributes:
        key: The parameter.
        total: Total effect: the share that would be left if all others were fixed,
            with all that it does together with others. Those of all parameters may
            add up to more than 1.
        low: Lower end of its 95 % bootstrap interval, over the points.
        high: Upper end.
        chance: How much of the total effect may come from the seeds; None of one run.
    """

    key: str
    total: float
    low: float
    high: float
    chance: float | None


def sensitivity_sample(sample: str) -> str:
    """Return the sample that Sobol indices need, if another was not asked for.

    Raises:
        ValueError: If it was.
    """
    if sample == "grid":
        return "saltelli:64"
    if saltelli_size(sample) is None:
        raise ValueError(f"Sobol indices need --sample saltelli:64, not {sample}")
    return sample


def saltelli_size(sample: str) -> int | None:
    """Return N of ``saltelli:N``; None if that is not the sample."""
    method, _, count = sample.partition(":")
    return int(count) if method == "saltelli" and count.isdecimal() else None


def sobol_sentence(plan: SweepPlan) -> str:
    """Return how many runs the indices need, to be said before any is made."""
    size, axes = saltelli_size(plan.sample) or 0, len(plan.axes)
    points = len(plan.points)
    return (
        f"Sobol indices: {size} × ({axes} + 2) = {size * (axes + 2):,} points,"
        f" {points:,} of them different, {plan.replications:,} runs each:"
        f" {points * plan.replications:,} runs at most."
    )


def sobol_indices(sweep: Sweep, metric: str) -> list[SobolIndex]:
    """Return the indices of each parameter, the largest total effect first.

    They are of the metric's mean over the replications, all under the same seeds.

    Args:
        sweep: Its sample must be ``saltelli:N``.
        metric: The metric's name.

    Raises:
        ValueError: If a point is missing or has no such number, or the sample differs.

    Source:
        Saltelli et al., Computer Physics Communications 181 (2010), pp. 259-270:
        total effects by Jansen's estimator, table 2 (f).
    """
    size = saltelli_size(sweep.plan.sample)
    if size is None:
        raise ValueError("Sobol indices need --sample saltelli:64")
    wanted = saltelli_points(sweep.plan.axes, size, sweep.plan.seed)
    measured = _measured(sweep, wanted, metric)
    means = [fmean(_known(one.values[metric])) for one in measured]
    # Shape (2 + axes, size): the rows are A, B, and A with one column of B each.
    values = np.array(means).reshape(-1, size)
    total = _total_effects(values)
    low, high = _interval(values, seed=sweep.plan.seed)
    variance = pvariance(means[: 2 * size])
    found = [
        SobolIndex(
            axis.key,
            float(total[row]),
            float(low[row]),
            float(high[row]),
            _chance(measured, metric, size, row, variance),
        )
        for row, axis in enumerate(sweep.plan.axes)
    ]
    return sorted(found, key=lambda one: -one.total)


def _measured(sweep: Sweep, wanted: Sequence[Point], metric: str) -> list[MetricValues]:
    by_point: Mapping[Point, MetricValues] = {
        values: point.measured
        for values, point in zip(sweep.plan.points, sweep.points, strict=True)
        if point
        and point.measured
        and not point.no_verdict
        and point.measured.estimate(metric).mean is not None
    }
    missing = len({*wanted} - {*by_point})
    if missing:
        raise ValueError(
            f"no Sobol indices of {metric}: {missing:,} points do not have it; narrow"
            " the ranges, or simulate all shards"
        )
    return [by_point[point] for point in wanted]


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _total_effects(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return total effects, shape (axes,); 0 if nothing varies."""
    of_a, of_b, mixed = values[:1], values[1:2], values[2:, None]
    if np.ptp(values[:2]) == 0:
        return np.zeros(len(mixed))
    stats: Any = import_module("scipy.stats")
    # SciPy centres what it gets in place.
    func = {"f_A": of_a.copy(), "f_B": of_b.copy(), "f_AB": mixed.copy()}
    return np.ravel(stats.sobol_indices(func=func, n=values.shape[1]).total_order)


def _interval(
    values: NDArray[np.float64], *, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the percentile bootstrap interval of total effects, over the points."""
    stats: Any = import_module("scipy.stats")
    found = stats.bootstrap(
        [np.arange(values.shape[1])],
        lambda chosen: _total_effects(values[:, chosen]),
        vectorized=False,
        method="percentile",
        n_resamples=_RESAMPLES,
        rng=seed,
    ).confidence_interval
    return found.low, found.high


def _chance(
    measured: Sequence[MetricValues], metric: str, size: int, row: int, variance: float
) -> float | None:
    """Return the share of the variance that paired runs leave to chance.

    The difference between two points has this variance over its pairs; Jansen's
    estimator takes half of its square for an effect.
    """
    begin = (2 + row) * size
    pairs = zip(measured[:size], measured[begin : begin + size], strict=True)
    changes = [paired(metric, a, b).change for a, b in pairs]
    spreads = [one.sd**2 / one.n for one in changes if one.sd is not None]
    if len(spreads) < size or not variance:
        return None if variance else 0.0
    return fmean(spreads) / 2 / variance
