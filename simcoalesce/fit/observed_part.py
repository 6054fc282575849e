"""What a back-test compares: a part of a log, or the same part of a simulated run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.logs.log import Log
from simcoalesce.outcomes import Outcomes, Role, is_served
from simcoalesce.units import NS_PER_S

PERCENTS = (50, 90, 99)
"""Percentiles of latency that are compared."""


@dataclass(frozen=True)
class ObservedPart:
    """A part of a run, recorded or simulated.

    Attributes:
        requests: How many arrived in it.
        origin_calls: Calls that were made in it.
        hits: Requests that were answered without a call of their own.
        refusals: Calls that the origin refused.
        latency_s: Percentiles of the requests' latency, as `PERCENTS`; empty if the log
            has no durations.
        calls_per_s: Calls in each second, from the part's start on, shape (seconds,).
    """

    requests: int
    origin_calls: int
    hits: int
    refusals: int
    latency_s: tuple[float, ...]
    calls_per_s: NDArray[np.int64]


def recorded_part(
    log: Log, events: CacheEvents, from_ns: int, until_ns: int
) -> ObservedPart:
    """Return what a log recorded between two instants of the run.

    A client that gets an expired answer has it at once, though nginx writes its line
    when the refresh behind it has ended.

    Args:
        log: The whole log.
        events: What became of each of its requests.
        from_ns: Since the first request.
        until_ns: Since the first request.
    """
    since = events.start_ns - log.at_ns[0]
    came = (since >= from_ns) & (since < until_ns)
    called_ns = (events.call_at_ns - log.at_ns[0])[events.calls]
    counted = (called_ns >= from_ns) & (called_ns < until_ns)
    took_ns = np.where(events.is_stale, 0, log.duration_ns)[
        came & (log.duration_ns >= 0)
    ]
    return ObservedPart(
        requests=int(came.sum()),
        origin_calls=int(counted.sum()),
        hits=int((came & (events.hits | events.is_stale)).sum()),
        refusals=int((counted & events.refused[events.calls]).sum()),
        latency_s=_percentiles(took_ns),
        calls_per_s=_each_second(called_ns[counted], from_ns, until_ns),
    )


def simulated_part(outcomes: Outcomes, from_ns: int, until_ns: int) -> ObservedPart:
    """Return what happened in a run between two of its instants."""
    requests, calls = outcomes.request_rows, outcomes.origin_rows
    came = (requests.arrived_at_ns >= from_ns) & (requests.arrived_at_ns < until_ns)
    counted = (calls.called_at_ns >= from_ns) & (calls.called_at_ns < until_ns)
    found = is_served(requests.lookup) | (requests.role == Role.FOLLOWER)
    return ObservedPart(
        requests=int(came.sum()),
        origin_calls=int(counted.sum()),
        hits=int((came & found).sum()),
        refusals=int((counted & (calls.status == 429)).sum()),
        latency_s=_percentiles(requests.latency_ns[came]),
        calls_per_s=_each_second(calls.called_at_ns[counted], from_ns, until_ns),
    )


def _percentiles(took_ns: NDArray[np.int64]) -> tuple[float, ...]:
    if not len(took_ns):
        return ()
    return tuple((np.percentile(took_ns, PERCENTS) / NS_PER_S).tolist())


def _each_second(
    at_ns: NDArray[np.int64], from_ns: int, until_ns: int
) -> NDArray[np.int64]:
    seconds = max(-(-(until_ns - from_ns) // NS_PER_S), 1)
    return np.bincount((at_ns - from_ns) // NS_PER_S, minlength=seconds)
