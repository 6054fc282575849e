"""What a statement is about is estimated from what each replication measured."""

import pytest

from simcoalesce.experiment.metric_values import MetricValues, metric_values
from simcoalesce.experiment.replicate import replicate
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
