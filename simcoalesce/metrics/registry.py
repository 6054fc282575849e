"""Every metric by its name: the contract of results, tables and expectations."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from simcoalesce.metrics import caching, latency, origin, usage
from simcoalesce.metrics.metric import Compute, Metric
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import Outcomes


def measure(
    run: Tally | Outcomes,
    *,
    cost_usd: float | None = None,
    cost_month_usd: float | None = None,
) -> dict[str, float | int | None]:
    """Return every metric of one run, in the order of METRICS; None if it has none.

    Args:
        run: One run, its tally or its rows.
        cost_usd: What the run costs, from its bill.
        cost_month_usd: What the month costs, from its bill.
    """
    tally = run if isinstance(run, Tally) else Tally.of(run)
    billed = {"cost_usd": cost_usd, "cost_month_usd": cost_month_usd}
    return {
        name: metric.compute(tally) if metric.compute else billed[name]
        for name, metric in METRICS.items()
    }


def _of_caching() -> Iterator[Metric]:
    yield Metric("requests", "1", "requests that arrived", caching.requests)
    yield Metric("errors", "1", "requests without a usable answer", caching.errors)
    yield Metric(
        "cache_hits", "1", "requests that found a fresh value", caching.cache_hits
    )
    yield Metric(
        "cache_misses", "1", "requests that found nothing usable", caching.cache_misses
    )
    yield Metric(
        "hit_ratio",
        "ratio",
        "share of requests that found a fresh value",
        caching.hit_ratio,
        "no request arrived",
    )
    yield Metric(
        "stale_served", "1", "requests served an expired value", caching.stale_served
    )
    yield Metric("leaders", "1", "misses that fetched", caching.leaders)
    yield Metric(
        "followers", "1", "misses that waited for another's fetch", caching.followers
    )
    yield Metric(
        "coalescing_ratio",
        "ratio",
        "followers / (leaders + followers)",
        caching.coalescing_ratio,
        "no request fetched or waited for a fetch",
    )


def _of_origin() -> Iterator[Metric]:
    yield Metric("origin_hits", "1", "calls the origin received", origin.origin_hits)
    yield Metric(
        "origin_accepted",
        "1",
        "calls the origin did not refuse",
        origin.origin_accepted,
    )
    yield Metric(
        "origin_rejected", "1", "calls the origin refused (429)", origin.origin_rejected
    )
    yield Metric(
        "origin_failed",
        "1",
        "calls the origin answered with an error other than 429",
        origin.origin_failed,
    )
    yield Metric(
        "origin_peak_concurrency",
        "1",
        "most calls open at the origin at one instant",
        origin.origin_peak_concurrency,
    )
    yield Metric(
        "origin_peak_rate_per_s",
        "1/s",
        "most calls the origin received within one second",
        origin.origin_peak_rate_per_s,
    )
    yield Metric(
        "first_rejected_at_s",
        "s",
        "when the origin received the first call that it refused",
        origin.first_rejected_at_s,
        "the origin refused no call",
    )


def _of_stampedes() -> Iterator[Metric]:
    yield Metric(
        "miss_window_s",
        "s",
        "how long the key of the largest stampede was missed",
        caching.miss_window_s,
        "nothing missed, or no cache hit ended the largest stampede",
    )
    yield Metric(
        "stampede_size_max",
        "1",
        "most misses of one key at one location in one miss window",
        caching.stampede_size_max,
    )


def _of_usage() -> Iterator[Metric]:
    yield Metric("kv_reads", "1", "reads that KV answered", usage.kv_reads)
    yield Metric("kv_writes", "1", "puts that KV accepted", usage.kv_writes)
    yield Metric(
        "kv_writes_refused", "1", "puts that KV refused", usage.kv_writes_refused
    )
    yield Metric(
        "object_requests", "1", "requests to durable objects", usage.object_requests
    )
    yield Metric(
        "object_peak_queue",
        "1",
        "most requests waiting before one object",
        usage.object_peak_queue,
    )


def _percentile(of: Literal["answered", "failed"], percent: int) -> Compute:
    return lambda tally: getattr(tally, of).percentile_s(percent)


def _of_latency() -> Iterator[Metric]:
    for percent in latency.PERCENTILES:
        yield Metric(
            f"latency_p{percent}_s",
            "s",
            f"latency that {percent} % of answered requests do not exceed",
            _percentile("answered", percent),
            f"fewer than {latency.fewest_for(percent)} requests were answered",
        )
    yield Metric(
        "latency_max_s",
        "s",
        "longest latency of an answered request",
        lambda tally: tally.answered.longest_s,
        "no request was answered",
    )
    for percent in latency.PERCENTILES:
        yield Metric(
            f"latency_error_p{percent}_s",
            "s",
            f"latency that {percent} % of errors do not exceed",
            _percentile("failed", percent),
            f"fewer than {latency.fewest_for(percent)} requests got an error",
        )
    yield Metric(
        "latency_error_max_s",
        "s",
        "longest latency of an error",
        lambda tally: tally.failed.longest_s,
        "no request got an error",
    )


def _of_cost() -> Iterator[Metric]:
    yield Metric(
        "cost_usd", "USD", "the run at list price", None, "no bill was made of the run"
    )
    yield Metric(
        "cost_month_usd",
        "USD",
        "a month of such runs, allowances and base fee included",
        None,
        "the scenario has no month: to say how often the run happens",
    )


METRICS: Final[Mapping[str, Metric]] = {
    metric.name: metric
    for family in (
        _of_caching,
        _of_origin,
        _of_stampedes,
        _of_usage,
        _of_latency,
        _of_cost,
    )
    for metric in family()
}
"""Every metric by its name, in the order in which results list them."""
