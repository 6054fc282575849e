"""The registry holds every metric of the contract, with its unit."""

from collections.abc import Callable

import pytest

from simcoalesce.metrics import METRICS, Metric, measure
from simcoalesce.outcomes import Outcomes

ARun = Callable[..., Outcomes]

_CONTRACT = [
    "requests",
    "errors",
    "error_ratio",
    "cache_hits",
    "cache_misses",
    "cache_bypasses",
    "hit_ratio",
    "stale_served",
    "leaders",
    "followers",
    "coalescing_ratio",
    "origin_hits",
    "origin_accepted",
    "origin_rejected",
    "origin_failed",
    "origin_ratio",
    "origin_peak_concurrency",
    "origin_peak_rate_per_s",
    "origin_peak_calls_per_window",
    "first_rejected_at_s",
    "miss_window_s",
    "stampede_size_max",
    "kv_reads",
    "kv_writes",
    "kv_writes_refused",
    "object_requests",
    "object_peak_queue",
    "latency_p50_s",
    "latency_p90_s",
    "latency_p95_s",
    "latency_p99_s",
    "latency_p999_s",
    "latency_max_s",
    "latency_error_p50_s",
    "latency_error_p90_s",
    "latency_error_p95_s",
    "latency_error_p99_s",
    "latency_error_p999_s",
    "latency_error_max_s",
    "latency_all_p50_s",
    "latency_all_p90_s",
    "latency_all_p95_s",
    "latency_all_p99_s",
    "latency_all_p999_s",
    "latency_all_max_s",
    "age_p50_s",
    "age_p99_s",
    "age_max_s",
    "pages",
    "pages_failed",
    "page_latency_p50_s",
    "page_latency_p99_s",
    "page_latency_max_s",
    "time_to_recover_s",
    "cost_usd",
    "cost_month_usd",
]

_ALSO = {"origin_peak_calls_per_window": "_per_window"}
_SUFFIXES = {"s": "_s", "1/s": "_per_s", "USD": "_usd", "ratio": "_ratio", "1": ""}


def test_the_names_are_the_contract() -> None:
    """Automation depends on the names and on their order."""
    assert list(METRICS) == _CONTRACT


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_the_name_ends_in_its_unit(metric: Metric) -> None:
    """The unit stands in the name, last."""
    assert metric.name.endswith(_ALSO.get(metric.name, _SUFFIXES[metric.unit]))


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_a_metric_that_an_empty_run_lacks_says_why(a_run: ARun, metric: Metric) -> None:
    """None always comes with a reason, and a count never is None."""
    is_missing = measure(a_run())[metric.name] is None

    assert is_missing == bool(metric.missing and metric.name != "time_to_recover_s")


def test_measure_gives_every_metric_in_order(a_run: ARun) -> None:
    """Nothing is left out of a run's numbers."""
    assert list(measure(a_run(requests=[{}], calls=[{}]))) == _CONTRACT


def test_money_comes_from_the_bill(a_run: ARun) -> None:
    """Metrics know no prices: the caller hands the sums in."""
    measured = measure(a_run(), cost_usd=0.25, cost_month_usd=40.0)

    assert (measured["cost_usd"], measured["cost_month_usd"]) == (0.25, 40.0)
