"""Written values: durations, latencies and counts as a scenario states them."""

from decimal import Decimal
from math import inf
from typing import Any, Final, TypeAlias

from simcoalesce.explain.does_not_apply import DoesNotApply
from simcoalesce.units import (
    NS_PER_S,
    format_duration,
    parse_count,
    parse_duration,
)

Written: TypeAlias = dict[str, Any]
"""A part of a scenario as a file states it."""

UNLIMITED: Final = "unlimited"
_UNITS: Final = ((NS_PER_S, "s", ("ms", "us", "ns")), (10**6, "ms", ("us", "ns")))
"""Units, and those that are too fine for a duration of at least one of them."""
_NOT_SCALABLE: Final = frozenset(("empirical", "replay"))
_LIMIT_COUNTS: Final = ("limit", "burst", "bucket")
"""Keys of rate limits that hold a number of requests."""


def length_ns(written: Any) -> float:
    """Return a duration in nanoseconds; nothing is none, and unlimited is infinite.

    >>> length_ns("80ms"), length_ns(None), length_ns("unlimited")
    (80000000, 0, inf)
    """
    if written is None:
        return 0
    return inf if written == UNLIMITED else parse_duration(written)


def scaled_counts(limit: Written, factor: float) -> Written:
    """Return the numbers of requests in a rate limit, times a factor, at least 1."""
    return {
        name: max(round(parse_count(limit[name]) * factor), 1)
        for name in _LIMIT_COUNTS
        if name in limit
    }


def scaled(latency: Any, factor: float) -> Any:
    """Return a latency, as a scenario states it, times a factor.

    >>> scaled("80ms", 0.25), scaled({"median": "80ms", "p99": "400ms"}, 0.5)
    ('20ms', {'median': '40ms', 'p99': '200ms'})
    >>> scaled({"mixture": [{"share": "100%", "takes": "80ms"}]}, 0.5)
    {'mixture': [{'share': '100%', 'takes': '40ms'}]}

    Raises:
        DoesNotApply: If it comes from a file.
    """
    if isinstance(latency, dict):
        if _NOT_SCALABLE & latency.keys():
            raise DoesNotApply("the latency comes from a file")
        if not factor:
            return "0ms"
        return {
            name: value if name == "share" else scaled(value, factor)
            for name, value in latency.items()
        }
    if isinstance(latency, list):
        return [scaled(value, factor) for value in latency]
    if not isinstance(latency, str):
        return latency
    return _duration_text(_rounded(parse_duration(latency) * factor))


def _rounded(number: float) -> int:
    """Round a number of nanoseconds as people do.

    >>> _rounded(18_101_933_598.4), _rounded(62_500_000.0), _rounded(0.0)
    (18000000000, 62500000, 0)
    """
    digits = 2 if number >= 10 * NS_PER_S else 3
    return int(float(f"{number:.{digits}g}"))


def _duration_text(duration_ns: int) -> str:
    """Write nanoseconds as people do.

    >>> [_duration_text(ns) for ns in (7_610_000_000, 15_600_000, 300_000_000_000)]
    ['7.61s', '15.6ms', '5m']
    """
    text = format_duration(duration_ns)
    for size, unit, finer in _UNITS:
        if duration_ns >= size and text.endswith(finer):
            return f"{Decimal(duration_ns) / size:f}{unit}"
    return text


def latency_text(latency: Any) -> str:
    """Return a latency in few words.

    >>> latency_text("80ms"), latency_text({"median": "80ms", "p99": "400ms"})
    ('80ms', 'median 80ms, p99 400ms')
    >>> latency_text({"mixture": [{"share": "30%", "takes": "1s"}]})
    '30% 1s'
    """
    if isinstance(latency, dict) and "mixture" in latency:
        parts = (
            (one["share"], latency_text(one["takes"])) for one in latency["mixture"]
        )
        return ", ".join(f"{share} {takes}" for share, takes in parts)
    if isinstance(latency, dict):
        items = latency.items()
        return ", ".join(f"{name} {latency_text(value)}" for name, value in items)
    if isinstance(latency, list):
        return ", ".join(map(latency_text, latency)) or "none"
    return str(latency).lower() if isinstance(latency, bool) else str(latency)
