"""Every metric by its name: the contract of results, tables and expectations."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from simcoalesce.conditions.selection import base_of
from simcoalesce.metrics import caching, latency, origin, pages, recovery, usage
from simcoalesce.metrics.latency_histogram import LatencyHistogram
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


_Of = Callable[[Tally], LatencyHistogram]

_OF_WHAT: Final[Mapping[str, tuple[str, str]]] = {
    "latency": ("latency", "requests with a usable answer"),
    "latency_error": ("latency", "requests with an error"),
    "latency_all": ("latency", "requests, those with errors too,"),
    "age": ("age (the time since the origin made it)", "usable answers of a cache"),
    "page_latency": ("time from the first request to the last answer", "pages"),
}
"""What the metrics of each prefix are a percentile of, and over which things."""


def _percentiles(
    prefix: str, of: _Of, many: str, percents: Sequence[float] = latency.PERCENTILES
) -> Iterator[Metric]:
    """Yield metrics named as in `latency_p99_s`; `many` says of what."""
    what, things = _OF_WHAT[prefix]
    for percent in percents:
        yield Metric(
            f"{prefix}_p{percent:g}_s".replace(".", ""),
            "s",
            partial(_percentile_s, of=of, percent=percent),
            f"fewer than {latency.fewest_for(percent)} {many}",
            about=f"The {what} that {percent:g} % of the {things} do not exceed.\n\n"
            "It is one of them: the inverted empirical CDF, without interpolation.",
        )


def _longest(prefix: str, of: _Of, missing: str) -> Iterator[Metric]:
    what, things = _OF_WHAT[prefix]
    about = f"The longest {what} of the {things.rstrip(',')}."
    name = f"{prefix}_max_s"
    yield Metric(name, "s", lambda tally: of(tally).longest_s, missing, about=about)


def _percentile_s(tally: Tally, *, of: _Of, percent: float) -> float | None:
    return of(tally).percentile_s(percent)


def _latencies() -> Iterator[Metric]:
    many = "requests were answered"
    yield from _percentiles("latency", _answered, many)
    yield from _longest("latency", _answered, "no request was answered")
    many = "requests got an error"
    yield from _percentiles("latency_error", _failed, many)
    yield from _longest("latency_error", _failed, "no request got an error")
    yield from _percentiles("latency_all", Tally.all_latencies, "requests arrived")
    yield from _longest("latency_all", Tally.all_latencies, "no request arrived")
    many = "answers came from a cache"
    yield from _percentiles("age", _ages, many, (50, 99))
    yield from _longest("age", _ages, "no answer came from a cache")


def _of_pages() -> Iterator[Metric]:
    missing = "nobody asks for pages"
    yield from _of("1", pages.pages, pages.pages_failed, missing=missing)
    many = "pages were asked for"
    yield from _percentiles("page_latency", _page_latencies, many, (50, 99))
    yield from _longest("page_latency", _page_latencies, "no page was asked for")


def _page_latencies(tally: Tally) -> LatencyHistogram:
    return tally.pages.latencies


def _answered(tally: Tally) -> LatencyHistogram:
    return tally.answered


def _failed(tally: Tally) -> LatencyHistogram:
    return tally.failed


def _ages(tally: Tally) -> LatencyHistogram:
    return tally.ages


def _of_origin() -> Iterator[Metric]:
    yield from _of("1", origin.origin_hits, origin.origin_accepted)
    yield from _of("1", origin.origin_rejected, origin.origin_failed)
    yield from _of("ratio", origin.origin_ratio, missing="no request arrived")
    yield from _of("1", origin.origin_peak_concurrency)
    yield from _of("1/s", origin.origin_peak_rate_per_s)
    yield from _of(
        "1",
        origin.origin_peak_calls_per_window,
        missing="no limit of all calls of the origin has a window",
    )
    yield Metric(
        "first_rejected_at_s",
        "s",
        origin.first_rejected_at_s,
        "the origin refused no call",
        is_instant=True,
    )


def _all() -> Iterator[Metric]:
    yield from _of("1", caching.requests, caching.errors)
    yield from _of("ratio", caching.error_ratio, missing="no request arrived")
    yield from _of("1", caching.cache_hits, caching.cache_misses)
    yield from _of("1", caching.cache_bypasses)
    missing = "no request arrived that a cache may answer"
    yield from _of("ratio", caching.hit_ratio, missing=missing)
    yield from _of("1", caching.stale_served, caching.leaders, caching.followers)
    yield from _of(
        "ratio",
        caching.coalescing_ratio,
        missing="no request fetched or waited for a fetch",
    )
    yield from _of_origin()
    yield from _of(
        "s",
        caching.miss_window_s,
        missing="nothing missed, or no cache hit ended the largest stampede",
    )
    yield from _of("1", caching.stampede_size_max)
    yield from _of("1", usage.kv_reads, usage.kv_writes, usage.kv_writes_refused)
    yield from _of("1", usage.object_requests, usage.object_peak_queue)
    yield from _latencies()
    yield from _of_pages()
    yield Metric(
        "time_to_recover_s",
        "s",
        recovery.time_to_recover_s,
        "the run ends before it recovers",
        is_instant=True,
    )
    yield Metric(
        "cost_usd",
        "USD",
        None,
        "no bill was made of the run",
        about="What the operations of the run cost at list price, without allowances.",
    )
    yield Metric(
        "cost_month_usd",
        "USD",
        None,
        "the scenario has no month: to say how often the run happens",
        about="What a month of such runs costs, after allowances, with base fees.",
    )


METRICS: Final[Mapping[str, Metric]] = {metric.name: metric for metric in _all()}
"""Every metric by its name, in the order in which results list them."""

_BY: Final = frozenset(("key", "location", "time"))
_NOT_BY_TIME: Final = frozenset(
    ("miss_window_s", "stampede_size_max", "time_to_recover_s")
)
"""A window that a time cuts off has no size; and what comes before it is usual."""

_OF_PAGES: Final = frozenset(metric.name for metric in _of_pages())


def _selectable() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what can be said of a part of the requests.

    Not usage, nor a bill; nor a page, of which a part may be only some requests.
    """
    for name, metric in METRICS.items():
        is_of_whole_run = hasattr(usage, name) or name in _OF_PAGES
        if metric.compute is not None and not is_of_whole_run:
            yield name, _BY - {"time"} if name in _NOT_BY_TIME else _BY


SELECTABLE: Final[Mapping[str, frozenset[str]]] = dict(_selectable())
"""By what each metric can be asked for of a part of the requests."""


def metric_of(name: str) -> Metric:
    """Return a metric by its name, with a selection or without.

    Raises:
        KeyError: If there is no such metric.
    """
    return METRICS[base_of(name)]
