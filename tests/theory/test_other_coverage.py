"""Coverage of the other printed intervals: of plain numbers, changes, and looks.

The figures are those of the table in docs/statistics.md. The tolerance is four standard
errors of a share of 95 % in so many experiments.
"""

from collections.abc import Callable
from math import pi, sin, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.conditions.binomial import upper_bound
from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.over_runs import RunShare
from simcoalesce.experiment.difference import welch_change
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.precision import is_asked_after, is_reached, parse_precision
from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.sobol_indices import SobolIndex, sobol_indices
from simcoalesce.experiment.sweeps.sweep import Sweep, sweep_plan
from simcoalesce.explain.calibration.discrepancy import prediction_half_width
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.axis import Axis
from tests.theory.test_interval_coverage import SIZES, counts, probabilities
from tests.unit.experiment.builders import a_sale

EXPERIMENTS = 1_000
TOLERANCE = 4 * sqrt(0.95 * 0.05 / EXPERIMENTS)

Numbers = Callable[[np.random.Generator, tuple[int, int]], NDArray[np.float64]]
"""Draws numbers with the mean 1, of a shape."""

KINDS: dict[str, Numbers] = {
    "normal": lambda chance, shape: chance.normal(1.0, 0.3, shape),
    "Poisson": lambda chance, shape: chance.poisson(20, shape) / 20,
    "uniform": lambda chance, shape: chance.uniform(0.0, 2.0, shape),
    "exponential": lambda chance, shape: chance.exponential(1.0, shape),
}


def drawn(kind: str, runs: int) -> NDArray[np.float64]:
    """Return experiments of runs."""
    chance = np.random.Generator(np.random.PCG64(3))
    return KINDS[kind](chance, (EXPERIMENTS, runs))


def reached(wanted: Condition, known: Estimate) -> bool:
    """Return whether an estimate is as precise as wanted."""
    return is_reached(wanted, lambda _: known)


def holds(known: Estimate, truth: float) -> bool:
    """Return whether the interval of an estimate holds a number."""
    return known.low is not None and known.low <= truth <= (known.high or 0.0)


@pytest.mark.parametrize(
    ("kind", "runs", "least"),
    [
        *((kind, runs, 0.95) for kind in ("normal", "Poisson") for runs in (5, 30)),
        *(("exponential", *one) for one in [(5, 0.89), (10, 0.90), (30, 0.93)]),
    ],
)
def test_a_mean_is_covered(kind: str, runs: int, least: float) -> None:
    """As the first row of the table says."""
    every = [estimate(one.tolist(), unit="1") for one in drawn(kind, runs)]

    assert sum(holds(one, 1.0) for one in every) / EXPERIMENTS >= least - TOLERANCE


@pytest.mark.parametrize("runs", [5, 10, 30, 100])
@pytest.mark.parametrize(
    "ratio", [1 / 130, 0.03, 0.1, 0.3], ids=lambda one: f"{one:.1%}"
)
def test_changes_that_mostly_go_up_are_covered(ratio: float, runs: int) -> None:
    """Four of five that are no 0 go up: 83 % or more, and the bound if all are 0."""
    sizes = counts(ratio, SIZES["exponential"], runs)
    chance = np.random.Generator(np.random.PCG64(5))
    changes = sizes * np.where(chance.random(sizes.shape) < 0.8, 1, -1)
    every = [estimate(one.tolist(), unit="1") for one in changes]
    is_told = upper_bound(0, runs) >= ratio
    held = [is_told if one.is_same else holds(one, 0.6 * ratio) for one in every]

    assert sum(held) / EXPERIMENTS >= 0.83 - 4 * sqrt(0.83 * 0.17 / EXPERIMENTS)


@pytest.mark.parametrize("runs", [5, 30])
@pytest.mark.parametrize(("kind", "least"), [("normal", 0.95), ("exponential", 0.94)])
def test_an_unpaired_change_is_covered(kind: str, least: float, runs: int) -> None:
    """Welch's: of two samples of which one spreads three times as far."""
    before, after = np.split(drawn(kind, 2 * runs), 2, axis=1)
    held = 0
    for a, b in zip(before, 3 * after, strict=True):
        pair = [estimate(one.tolist(), unit="1") for one in (a, b)]
        held += holds(welch_change(*pair)[0], 2.0)

    assert held / EXPERIMENTS >= least - 2 * TOLERANCE


@pytest.mark.parametrize("runs", [5, 30])
@pytest.mark.parametrize(
    ("kind", "least"),
    [("normal", 0.95), ("Poisson", 0.95), ("uniform", 0.95), ("exponential", 0.92)],
)
def test_one_further_run_is_covered(kind: str, least: float, runs: int) -> None:
    """Within t times the spread, widened by the further run itself."""
    experiments = drawn(kind, runs + 1)
    known, further = experiments[:, :-1], experiments[:, -1]
    every = (estimate(one.tolist(), unit="1") for one in known)
    half = np.array([prediction_half_width(one) for one in every])
    held = np.abs(further - known.mean(axis=1)) <= half

    assert held.mean() >= least - TOLERANCE


@pytest.mark.parametrize("runs", [5, 30, 130])
def test_a_condition_that_is_true_in_no_run_or_in_all_is_covered(runs: int) -> None:
    """Exactly: the one-sided bound there, two-sided else: together at least 93 %."""
    for ratio in (0.001, 1 / 130, 0.01, 0.05, 0.1, 0.3, 0.5, 0.95, 0.99, 0.999):
        held = 0.0
        for true, likely in probabilities(ratio, runs):
            low, high = RunShare(true, runs).bounds(0.025)
            if not true:
                low, high = 0.0, upper_bound(0, runs)
            elif true == runs:
                low, high = 1 - upper_bound(0, runs), 1.0
            held += likely * (low <= ratio <= high)

        assert held >= 0.93


@pytest.mark.parametrize(
    ("kind", "percent"), [("Poisson", 5), ("Poisson", 10), ("exponential", 10)]
)
def test_a_mean_that_is_known_well_enough_is_covered(kind: str, percent: int) -> None:
    """Asked after ten runs, and then after each tenth more: 95 %."""
    wanted, most, tried = parse_precision(f"requests within {percent}%"), 1_000, 200
    experiments = drawn(kind, most)[:tried]
    looks = [runs for runs in range(10, most + 1) if is_asked_after(runs)]
    held = 0
    for one in experiments:
        found = (estimate(one[:runs].tolist(), unit="1") for runs in looks)
        last = next(e for e in found if reached(wanted, e))
        held += holds(last, 1.0)

    # Four standard errors of 95 % in 200 experiments are 6.2 %.
    assert held / tried >= 0.95 - 0.062


@pytest.mark.parametrize("share", [0.001, 0.05, 0.1])
def test_a_share_that_is_known_well_enough_is_covered(share: float) -> None:
    """Exactly, over all looks up to within 5 points."""
    wanted = parse_precision("share(errors > 0) within 5%")
    open_ones, done, held, ended = np.ones(1), 0, 0.0, 0.0
    for runs in (one for one in range(10, 400) if is_asked_after(one)):
        more = [likely for _, likely in probabilities(share, runs - done)]
        open_ones, done = np.convolve(open_ones, more), runs
        for true in np.flatnonzero(open_ones > 1e-7):
            one = RunShare(int(true), runs)
            ends = one.bounds(0.025)
            known = Estimate(one.value, None, *ends, runs, "ratio", None, one)
            if reached(wanted, known):
                ended += open_ones[true]
                held += open_ones[true] * holds(known, share)
                open_ones[true] = 0.0

    assert ended >= 0.999
    assert held >= 0.93 - 0.001


ISHIGAMI = {"kv.write_latency": 0.5576, "origin.latency": 0.4424, "kv.ttl": 0.2437}
"""Total effects of the three parameters of Ishigami's function, with 7 and 0.1."""


def indices_of_ishigami(size: int, seed: int) -> list[SobolIndex]:
    """Return what a sweep says of sin x + 7 sin² y + 0.1 z⁴ sin x in [-π, π]³."""
    axes = [Axis.parse(f"{key}=1s..101s") for key in ISHIGAMI]
    plan = sweep_plan(a_sale(), axes, f"saltelli:{size}", seed=seed, replications=1)
    done = []
    for point in plan.points:
        of = [
            axis.number(value) or 0.0 for axis, value in zip(axes, point, strict=True)
        ]
        scale = max(axes[0].number("101s") or 1.0, 1.0) / 101
        x, y, z = (pi * ((one / scale - 1) / 50 - 1) for one in of)
        value = sin(x) + 7 * sin(y) ** 2 + 0.1 * z**4 * sin(x)
        row = dict.fromkeys(METRICS, 1.0) | {"origin_hits": value}
        done.append(SweepPoint((), MetricValues.of(seed, [row])))
    return sobol_indices(Sweep(plan, tuple(done)), "origin_hits")


@pytest.mark.parametrize(
    ("size", "sweeps"), [(64, 3), pytest.param(64, 300, marks=pytest.mark.slow)]
)
def test_total_effects_are_covered(size: int, sweeps: int) -> None:
    """97 % at 64 points: of 9 intervals at most two miss."""
    pytest.importorskip("scipy")
    held = [
        one.low <= ISHIGAMI[one.key] <= one.high
        for seed in range(sweeps)
        for one in indices_of_ishigami(size, seed)
    ]

    # Four standard errors of 97 % in 9 intervals are 23 %.
    assert sum(held) / len(held) >= 0.97 - 4 * sqrt(0.97 * 0.03 / len(held))
