"""Coverage of the month's bill: how often its interval holds the bill of the truth.

The figures are those of the table in docs/statistics.md.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.conditions.binomial import upper_bound
from simcoalesce.cost.mean_bill import BillTerms
from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.metric_values import MetricValues, run_bills
from simcoalesce.metrics import METRICS

PAID = PriceList.load("cloudflare-workers-paid-2026-11")
TERMS = BillTerms(PAID, events=1_000)
EXPERIMENTS = 300
RARE = 0.1
"""In which share of the runs a unit is used at all, if that is rare."""


def relative(shape: tuple[int, int, int], *, spread: float) -> NDArray[np.float64]:
    """Return usage over its mean: normal with a standard deviation.

    A spread of 0 is that of a unit which one run in ten uses, and no other.
    """
    chance = np.random.Generator(np.random.PCG64(7))
    if spread:
        return chance.normal(1.0, spread, shape)
    return np.where(chance.random(shape) < RARE, 1 / RARE, 0.0)


def held_ratio(mean: dict[str, float], *, runs: int, spread: float) -> float:
    """Return the share of experiments whose interval holds the bill of the mean usage.

    Each unit has usage of its own; see `relative`.
    """
    truth = TERMS.bill(mean).cost_month_usd or 0.0
    drawn = relative((EXPERIMENTS, runs, len(mean)), spread=spread)
    prorated = TERMS.prorated()
    held = 0
    for experiment in drawn:
        usages = [
            dict(zip(mean, row * [*mean.values()], strict=True)) for row in experiment
        ]
        months = [prorated.bill(one).cost_month_usd for one in usages]
        rows: list[dict[str, float | None]] = [
            {**dict.fromkeys(METRICS, 1.0), "cost_month_usd": one} for one in months
        ]
        known = MetricValues.of(1, rows, bills=run_bills(TERMS, usages, rows))
        month = known.estimate("cost_month_usd")
        low, high = month.ci95 or (0.0, 0.0)
        # The bill is a float of an exact number.
        is_so = low - 1e-9 <= truth <= high + 1e-9
        # Where no run has any, it is said in how many runs there may be some.
        held += upper_bound(0, runs) >= RARE if month.is_same else is_so
    return held / EXPERIMENTS


BOTH = {"object_requests": 2_000.1, "object_gb_s": 1_400.1}


@pytest.mark.parametrize("runs", [5, 30])
@pytest.mark.parametrize("requests", [1_000.5, 1_999.9, 2_000.1, 2_500, 40_000.1])
def test_the_month_is_covered_near_the_edge_of_a_million_and_off_it(
    requests: float, runs: int
) -> None:
    """A thousand runs: a million requests is included, a begun one billed as a whole.

    By the prorated bills alone it is covered in 59 to 70 % near an edge.
    """
    ratio = held_ratio({"object_requests": requests}, runs=runs, spread=0.002)

    # Four standard errors of 95 % in 300 experiments are 5 %.
    assert ratio >= 0.90


@pytest.mark.parametrize("runs", [5, 30])
def test_the_month_is_covered_where_two_lines_are_near_an_edge(runs: int) -> None:
    """Each adds what it rounds up: at least 90 %."""
    assert held_ratio(BOTH, runs=runs, spread=0.002) >= 0.90


@pytest.mark.parametrize("runs", [5, 10, 30])
def test_the_month_is_covered_where_few_runs_use_anything(runs: int) -> None:
    """One run in ten uses ten times the mean, the others nothing."""
    # The interval of a mean holds it in 88 % in the worst case; 300 experiments.
    assert held_ratio({"object_requests": 2_000.1}, runs=runs, spread=0) >= 0.88 - 0.075


def test_at_the_allowance_itself_it_is_covered_less_often() -> None:
    """Prorated bills are cut off there: 90 % of 30 runs, as the table says."""
    ratio = held_ratio({"object_requests": 1_000}, runs=30, spread=0.002)

    # Four standard errors of 90 % in 300 experiments are 7 %.
    assert 0.83 <= ratio <= 0.97
