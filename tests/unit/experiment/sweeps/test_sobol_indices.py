"""Sobol indices against a function whose indices are known."""

import pytest

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.sampling import Point, points, saltelli_points
from simcoalesce.experiment.sweeps.sobol_indices import (
    SobolIndex,
    sensitivity_sample,
    sobol_indices,
    sobol_sentence,
)
from simcoalesce.experiment.sweeps.sweep import Sweep, SweepPlan, sweep_plan
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.axis import Axis
from tests.unit.experiment.builders import a_sale

pytest.importorskip("scipy")

AXES = [
    Axis.parse("kv.write_latency=0ms..100ms"),
    Axis.parse("origin.latency=0ms..100ms"),
]


def a_plan(sample: str = "saltelli:64") -> SweepPlan:
    """Return the plan of two latencies with two runs each."""
    return sweep_plan(a_sale(), AXES, sample, seed=3, replications=2)


def found(noise: float = 0.0, *, missing: bool = False) -> list[SobolIndex]:
    """Return the indices of x + 3 y: the variances are 1 and 9, so 0.1 and 0.9."""
    plan = a_plan()

    def measured(point: Point, index: int) -> MetricValues:
        x, y = (float(axis.number(v) or 0) for axis, v in zip(AXES, point, strict=True))
        swing = noise * (1 if index // 64 % 2 else -1)
        runs = [(x + 3 * y) / 1e6 + swing, (x + 3 * y) / 1e6 - swing]
        zeros = dict.fromkeys(METRICS, 0.0) | {"requests": 1.0}
        return MetricValues.of(3, [zeros | {"origin_hits": run} for run in runs])

    done = [SweepPoint((), measured(one, i)) for i, one in enumerate(plan.points)]
    return sobol_indices(
        Sweep(plan, (None if missing else done[0], *done[1:])), "origin_hits"
    )


def test_indices_are_those_of_a_known_function() -> None:
    """0.9 and 0.1; each interval holds its own."""
    first, second = found()

    assert (first.key, second.key) == ("origin.latency", "kv.write_latency")
    assert first.low < 0.9 < first.high
    assert second.low < 0.1 < second.high
    assert abs(first.total - 0.9) < 0.1


def test_the_same_sweep_has_the_same_intervals() -> None:
    """The bootstrap has the seed of the sweep."""
    assert found() == found()


def test_what_seeds_leave_to_chance_is_told() -> None:
    """None where pairs agree; more where a seed moves a point the other way."""
    assert found()[0].chance == pytest.approx(0.0, abs=1e-12)
    assert (found(noise=20.0)[0].chance or 0.0) > 0.01


def test_a_missing_point_leaves_no_indices() -> None:
    """The message says what to do."""
    with pytest.raises(ValueError, match="1 points do not have it"):
        found(missing=True)


def test_the_points_are_two_samples_and_their_mixtures() -> None:
    """64 of A, 64 of B, and 64 of A for each axis with the values of B on it."""
    every = saltelli_points(AXES, 64, 3)
    of_a, of_b, mixed = every[:64], every[64:128], every[192:256]

    assert len(every) == 256
    assert mixed == [(a[0], b[1]) for a, b in zip(of_a, of_b, strict=True)]
    assert points(AXES, "saltelli:64", seed=3) == [*dict.fromkeys(every)]


def test_the_runs_are_said_before() -> None:
    """N for each axis and two more, each with all replications."""
    assert "64 × (2 + 2) = 256 points" in sobol_sentence(a_plan())
    assert "512 runs at most" in sobol_sentence(a_plan())


def test_another_sample_is_refused() -> None:
    """A grid, the default, becomes saltelli:64."""
    assert sensitivity_sample("grid") == "saltelli:64"
    assert sensitivity_sample("saltelli:8") == "saltelli:8"
    with pytest.raises(ValueError, match="need --sample saltelli:64"):
        sensitivity_sample("oat")
