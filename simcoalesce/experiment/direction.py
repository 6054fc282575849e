"""Direction: which way a metric should go, and which ones a table shows first."""

from collections.abc import Iterable, Sequence
from typing import Final

from simcoalesce.conditions.selection import (
    base_of,
    is_selected,
    selected_name,
    selector_of,
)
from simcoalesce.metrics import METRICS
from simcoalesce.metrics.registry import SELECTABLE
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
    "pages_failed",
    *(name for name in METRICS if name.startswith(("latency_", "age_", "page_lat"))),
)
_MORE: Final = ("cache_hits", "hit_ratio", "first_rejected_at_s")

_DIRECTION: Final = {**dict.fromkeys(_LESS, -1), **dict.fromkeys(_MORE, 1)}

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


def direction_of(metric: str) -> int | None:
    """Return -1 if less is better, 1 if more is; None if neither is in itself."""
    return _DIRECTION.get(base_of(metric))


def metrics_of_interest(scenarios: Sequence[Scenario]) -> list[str]:
    """Return what scenarios expect something of, and the headlines, each once.

    Of a part of the requests only what every one of them counts.
    """
    expected = (one for scenario in scenarios for one in scenario.expect)
    wanted = {*_HEADLINES, *(name for one in expected for name in one.that.names)}
    first, *others = (scenario.selected_metrics for scenario in scenarios)
    parts = [name for name in first if all(name in other for other in others)]
    return [*(name for name in METRICS if name in wanted), *parts]


def known_metrics(names: Iterable[str]) -> list[str]:
    """Return the names, each once, those of parts of the requests as conditions do.

    Raises:
        ValueError: If one is the name of no metric.
    """
    return list(dict.fromkeys(map(_known_metric, names)))


def _known_metric(name: str) -> str:
    metric = base_of(name).strip()
    if metric not in METRICS:
        raise ValueError(f'no metric "{name}"{did_you_mean(metric, METRICS)}')
    if not is_selected(name):
        return metric
    return selected_name(metric, selector_of(name), SELECTABLE)
