"""Direction: which way a metric should go, and which ones a table shows first."""

from collections.abc import Iterable, Sequence
from typing import Final

from simcoalesce.metrics import METRICS
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.suggestion import did_you_mean

_LESS: Final = (
    "errors",
    "error_ratio",
    "cache_misses",
    "stale_served",
    "origin_hits",
    "origin_ratio",
    "origin_rejected",
    "origin_failed",
    "origin_peak_concurrency",
    "origin_peak_rate_per_s",
    "origin_peak_calls_per_window",
    "miss_window_s",
    "stampede_size_max",
    "kv_writes_refused",
    "object_peak_queue",
    "cost_usd",
    "cost_month_usd",
    "time_to_recover_s",
    *(name for name in METRICS if name.startswith(("latency_", "age_"))),
)
_MORE: Final = ("cache_hits", "hit_ratio", "first_rejected_at_s")

DIRECTION: Final = {**dict.fromkeys(_LESS, -1), **dict.fromkeys(_MORE, 1)}
"""-1: less is better; 1: more is better; metrics without a direction are not in it."""

_HEADLINES: Final = (
    "origin_hits",
    "origin_rejected",
    "errors",
    "hit_ratio",
    "latency_p50_s",
    "latency_p99_s",
    "kv_writes",
    "cost_usd",
    "cost_month_usd",
)


def metrics_of_interest(scenarios: Iterable[Scenario]) -> list[str]:
    """Return what scenarios expect something of, and the headlines, each once."""
    expected = (one for scenario in scenarios for one in scenario.expect)
    wanted = {*_HEADLINES, *(name for one in expected for name in one.that.names)}
    return [name for name in METRICS if name in wanted]


def known_metrics(names: Sequence[str]) -> list[str]:
    """Return the names, each once.

    Raises:
        ValueError: If one is the name of no metric.
    """
    for name in names:
        if name not in METRICS:
            raise ValueError(f'no metric "{name}"{did_you_mean(name, METRICS)}')
    return list(dict.fromkeys(names))
