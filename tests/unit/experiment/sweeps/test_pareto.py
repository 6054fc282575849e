"""Pareto fronts: which points no other dominates in all of some metrics."""

import pytest

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.sweeps.pareto import (
    ParetoFront,
    pareto_front,
    pareto_metrics,
)
from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.sweep import Sweep, sweep_plan
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.axis import Axis
from tests.unit.experiment.builders import a_sale

Runs = list[tuple[float | None, float | None]]


def a_front(*points: Runs) -> ParetoFront:
    """Return the front of points with origin hits and a cost in each run."""
    values = ",".join(f"{number}ms" for number in range(len(points)))
    plan = sweep_plan(a_sale(), [Axis.parse(f"kv.write_latency={values}")])
    measured = [
        MetricValues.of(
            1,
            [
                dict.fromkeys(METRICS, 0.0)
                | {"requests": 1.0, "origin_hits": hits, "cost_usd": cost}
                for hits, cost in runs
            ],
        )
        for runs in points
    ]
    done = tuple(SweepPoint((), one) for one in measured)
    return pareto_front(Sweep(plan, done), ("origin_hits", "cost_usd"))


def verdicts(front: ParetoFront) -> list[str]:
    """Return where each point lies."""
    return [one.verdict for one in front.points]


def test_a_point_that_is_better_in_both_dominates() -> None:
    """And of two that are better in one each, none does."""
    front = a_front([(10, 3.0)], [(20, 2.0)], [(30, 3.0)])

    assert verdicts(front) == ["front", "front", "dominated"]
    assert front.points[2].dominated_by in {0, 1}


def test_equal_in_one_is_beaten_in_the_other() -> None:
    """Equal in both, both are on the front."""
    assert verdicts(a_front([(10, 2.0)], [(10, 3.0)])) == ["front", "dominated"]
    assert verdicts(a_front([(10, 2.0)], [(10, 2.0)])) == ["front", "front"]


def test_a_better_mean_within_the_interval_is_undecided() -> None:
    """The differences of hits are -4, -4 and +5: their mean is -1, +-13."""
    here: Runs = [(20, 2.0), (20, 2.0), (20, 2.0)]
    noisy: Runs = [(16, 1.0), (16, 1.0), (25, 1.0)]

    front = a_front(here, noisy)

    assert verdicts(front) == ["undecided", "front"]
    assert front.points[0].dominated_by == 1


def test_pairs_decide_what_seeds_hide() -> None:
    """Each seed costs ten calls more or less, but the one point always less by one."""
    front = a_front([(10, 2.0), (20, 2.0), (30, 2.0)], [(9, 2.0), (19, 2.0), (29, 2.0)])

    assert verdicts(front) == ["dominated", "front"]


def test_a_point_without_a_number_is_no_part_of_it() -> None:
    """It neither dominates nor is dominated."""
    assert [one.index for one in a_front([(None, 1.0)], [(20, 2.0)]).points] == [1]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("origin_hits,cost_mnth_usd", 'did you mean "cost_month_usd"'),
        ("origin_hits", "needs two metrics"),
        ("origin_hits,requests", "requests is neither better"),
    ],
)
def test_what_makes_no_front_is_refused(text: str, hint: str) -> None:
    """The message says what to write."""
    with pytest.raises(ValueError, match=hint):
        pareto_metrics(text)
