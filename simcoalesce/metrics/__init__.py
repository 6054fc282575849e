"""Metrics: a run is tallied, and each metric is a function of its tally."""

from simcoalesce.metrics.caching import (
    cache_hits,
    cache_misses,
    coalescing_ratio,
    errors,
    followers,
    hit_ratio,
    leaders,
    miss_window_s,
    requests,
    stale_served,
    stampede_size_max,
)
from simcoalesce.metrics.expectation import Expectation, Verdict
from simcoalesce.metrics.latency import percentile_s
from simcoalesce.metrics.metric import Metric
from simcoalesce.metrics.origin import (
    first_rejected_at_s,
    origin_accepted,
    origin_failed,
    origin_hits,
    origin_peak_concurrency,
    origin_peak_rate_per_s,
    origin_rejected,
)
from simcoalesce.metrics.registry import METRICS, measure
from simcoalesce.metrics.stampede import Stampedes, stampedes
from simcoalesce.metrics.tally import Tally
from simcoalesce.metrics.warmup import mser5, warm_up_s

__all__ = [
    "METRICS",
    "Expectation",
    "Metric",
    "Stampedes",
    "Tally",
    "Verdict",
    "cache_hits",
    "cache_misses",
    "coalescing_ratio",
    "errors",
    "first_rejected_at_s",
    "followers",
    "hit_ratio",
    "leaders",
    "measure",
    "miss_window_s",
    "mser5",
    "origin_accepted",
    "origin_failed",
    "origin_hits",
    "origin_peak_concurrency",
    "origin_peak_rate_per_s",
    "origin_rejected",
    "percentile_s",
    "requests",
    "stale_served",
    "stampede_size_max",
    "stampedes",
    "warm_up_s",
]
