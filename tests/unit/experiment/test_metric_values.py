"""What a statement is about is estimated from what each replication measured."""

from pathlib import Path

import pytest

from simcoalesce.cost.mean_bill import BillTerms
from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.difference import paired
from simcoalesce.experiment.metric_values import MetricValues, metric_values, run_bills
from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.sweeps.point_cache import PointCache
from simcoalesce.metrics import METRICS
from simcoalesce.metrics.expectation import EXPECTED
from tests.unit.experiment.builders import a_sale, measured

SALE = measured(origin_hits=[10, 20, 30], requests=[100, 100, 100], errors=[1, None, 1])


def test_a_metric_alone_is_estimated_as_in_every_table() -> None:
    """With its unit, and with its own reason where it is missing."""
    (statement,) = EXPECTED.condition("latency_p99_s < 1s").statements

    assert SALE.subject(statement) == SALE.estimate("latency_p99_s")


def test_a_quotient_is_taken_in_each_replication() -> None:
    """0.1, 0.2 and 0.3: their mean and their spread."""
    (statement,) = EXPECTED.condition("origin_hits / requests <= 50%").statements
    known = SALE.subject(statement)

    assert (round(known.mean or 0, 9), round(known.sd or 0, 9)) == (0.2, 0.1)
    assert known.unit == "ratio"


def test_what_lacks_a_part_in_some_replications_says_so() -> None:
    """As a metric does."""
    (statement,) = EXPECTED.condition("errors / requests <= 50%").statements
    known = SALE.subject(statement)

    assert (known.n, known.reason) == (
        2,
        "a part of it does not exist in 1 of 3 replications",
    )


def test_rows_of_replications_become_columns() -> None:
    """One for each metric."""
    rows = [dict.fromkeys(SALE.values, 1.0), dict.fromkeys(SALE.values, 2.0)]

    assert MetricValues.of(3, rows).values["errors"] == (1.0, 2.0)


def test_every_metric_is_estimated_with_its_unit_and_reason() -> None:
    """Units and reasons come from the registry."""
    measured: dict[str, float | None] = dict.fromkeys(METRICS, None)

    known = MetricValues.of(1, [measured | {"origin_hits": 400.0}] * 2).estimates()

    assert list(known) == list(METRICS)
    assert (known["origin_hits"].mean, known["latency_p99_s"].unit) == (400.0, "s")
    assert str(known["latency_p99_s"].reason).startswith("fewer than 100 requests")


def test_the_month_of_estimates_is_the_bill_of_the_mean_usage() -> None:
    """Of the runs together, rounded once; and of the first two, their own."""
    sale = a_sale("per-key", "month.hours=700", "durable_object.hop=20ms")

    result, values = replicate(sale), metric_values(sale)

    month_usd = result.bill.cost_month_usd
    assert month_usd is not None
    assert values.estimate("cost_month_usd").mean == pytest.approx(month_usd)
    assert values.estimates() == result.estimates
    assert values.first(2) == metric_values(sale, replications=2)


def test_runs_that_follow_are_billed_together_with_the_first() -> None:
    """As if all had been measured at once."""
    sale = a_sale("per-key", "month.hours=700")
    more = metric_values(sale, seed=sale.seed + 2, replications=2)

    both = metric_values(sale, replications=2).joined(more)

    assert both.values == metric_values(sale).values


def a_month(*object_requests: float) -> MetricValues:
    """Return runs that use a million objects' requests or so in a month."""
    terms = BillTerms(PriceList.load("cloudflare-workers-paid-2026-11"), events=1)
    usages = [{"object_requests": one} for one in object_requests]
    months = [terms.prorated().bill(one).cost_month_usd for one in usages]
    rows: list[dict[str, float | None]] = [
        {**dict.fromkeys(METRICS, 1.0), "cost_month_usd": one} for one in months
    ]
    return MetricValues.of(1, rows, bills=run_bills(terms, usages, rows))


def test_a_month_near_an_edge_may_cost_a_million_less() -> None:
    """2.01M in the mean, known to ±0.02M: one begun million is 0.15, two are 0.30."""
    known = a_month(2.0e6, 2.01e6, 2.02e6).estimate("cost_month_usd")

    assert known.mean == pytest.approx(5.30)
    assert known.low is not None
    assert known.low <= 5.15
    assert (known.high or 0) < 5.35


def test_a_month_off_the_edges_is_known_as_well_as_its_usage() -> None:
    """±0.025M of 2.5M are ±0.004 USD."""
    known = a_month(2.49e6, 2.5e6, 2.51e6).estimate("cost_month_usd")

    assert known.mean == pytest.approx(5.30)
    assert known.half_width < 0.004


def test_a_change_across_an_edge_is_undecided() -> None:
    """The same begun millions may be billed before and after, or another."""
    before = a_month(1.98e6, 1.99e6, 2.0e6)
    after = a_month(2.0e6, 2.01e6, 2.02e6)
    found = paired("cost_month_usd", before, after)

    assert found.change.mean == pytest.approx(0.15)
    assert (found.change.low or 0) < 0 < (found.change.high or 0)
    assert found.p_value == 1.0
    assert paired("cost_month_usd", before, before).change.high == 0.0


def test_what_is_remembered_has_the_same_interval(tmp_path: Path) -> None:
    """The cache of a sweep keeps what was rounded up, not the usage."""
    month, cache = a_month(2.0e6, 2.01e6, 2.02e6), PointCache(tmp_path)
    cache.put("digest", month)

    kept = cache.get("digest", seed=1, replications=3)

    assert kept is not None
    assert kept.estimate("cost_month_usd") == month.estimate("cost_month_usd")
