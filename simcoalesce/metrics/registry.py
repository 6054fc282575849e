"""Every metric by its name: the contract of results, tables and expectations."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, Literal

from simcoalesce.metrics import caching, latency, origin, usage
from simcoalesce.metrics.metric import Compute, Metric, Unit
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


def _of(unit: Unit, *functions: Compute, missing: str = "") -> Iterator[Metric]:
    """Yield metrics that are called as their functions."""
    for compute in functions:
        yield Metric(compute.__name__, unit, compute, missing)


def _latencies(
    of: Literal["answered", "failed"], prefix: str, *, one: str, many: str
) -> Iterator[Metric]:
    for percent in latency.PERCENTILES:
        yield Metric(
            f"{prefix}_p{percent}_s",
            "s",
            partial(_percentile_s, of=of, percent=percent),
            f"fewer than {latency.fewest_for(percent)} requests {many}",
        )
    yield Metric(
        f"{prefix}_max_s",
        "s",
        lambda tally: getattr(tally, of).longest_s,
        f"no request {one}",
    )


def _percentile_s(tally: Tally, *, of: str, percent: int) -> float | None:
    found: float | None = getattr(tally, of).percentile_s(percent)
    return found


def _all() -> Iterator[Metric]:
    yield from _of("1", caching.requests, caching.errors)
    yield from _of("1", caching.cache_hits, caching.cache_misses)
    yield from _of("ratio", caching.hit_ratio, missing="no request arrived")
    yield from _of("1", caching.stale_served, caching.leaders, caching.followers)
    yield from _of(
        "ratio",
        caching.coalescing_ratio,
        missing="no request fetched or waited for a fetch",
    )
    yield from _of("1", origin.origin_hits, origin.origin_accepted)
    yield from _of("1", origin.origin_rejected, origin.origin_failed)
    yield from _of("1", origin.origin_peak_concurrency)
    yield from _of("1/s", origin.origin_peak_rate_per_s)
    yield Metric(
        "first_rejected_at_s",
        "s",
        origin.first_rejected_at_s,
        "the origin refused no call",
        is_instant=True,
    )
    yield from _of(
        "s",
        caching.miss_window_s,
        missing="nothing missed, or no cache hit ended the largest stampede",
    )
    yield from _of("1", caching.stampede_size_max)
    yield from _of("1", usage.kv_reads, usage.kv_writes, usage.kv_writes_refused)
    yield from _of("1", usage.object_requests, usage.object_peak_queue)
    yield from _latencies(
        "answered", "latency", one="was answered", many="were answered"
    )
    yield from _latencies(
        "failed", "latency_error", one="got an error", many="got an error"
    )
    yield Metric("cost_usd", "USD", None, "no bill was made of the run")
    yield Metric(
        "cost_month_usd",
        "USD",
        None,
        "the scenario has no month: to say how often the run happens",
    )


METRICS: Final[Mapping[str, Metric]] = {metric.name: metric for metric in _all()}
"""Every metric by its name, in the order in which results list them."""
