"""Coordinated omission: what a closed loop does not send because answers are slow."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.experiment.size import expected_requests
from simcoalesce.metrics.latency import percentile_s
from simcoalesce.metrics.measured_span import MeasuredSpan
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic.arrivals.users import Users
from simcoalesce.traffic.client_queue import sent_if_answered_after
from simcoalesce.units import NS_PER_S, format_duration

_MOST: Final = 1_000_000
"""More requests than this are not made a second time."""


def omission_notes(
    scenario: Scenario,
    seed: int,
    measured: Mapping[str, float | None],
    outcomes: Outcomes,
) -> Iterator[str]:
    """Yield how many requests a closed loop sent, and how many it left out.

    The same clients, with the same think times, send to something that answers each
    request after the median latency of the run. What they send more, the slow answers
    kept from being sent.

    Args:
        scenario: What was simulated.
        seed: Of the run.
        measured: The metrics of the run.
        outcomes: Its rows, or those of its first requests.

    Source:
        Tene, "How NOT to measure latency", 2013; wrk2 (github.com/giltene/wrk2).
    """
    sent, median_s = measured["requests"], measured["latency_all_p50_s"]
    has_users = any(phase.is_closed for phase in scenario.traffic.arrivals)
    if not has_users or not sent or median_s is None:
        return
    said = f"closed loop: users wait for answers, and sent {sent:,.0f} requests"
    latency_ns = round(median_s * NS_PER_S)
    steady = steady_requests(scenario, seed, latency_ns)
    if steady is not None and steady <= sent:
        return
    if steady is not None:
        takes = format_duration(latency_ns)
        said += (
            f"; they send {steady:,} if every answer takes the median of {takes}"
            f" (seed {seed})"
        )
    yield f"{said}. What is not sent has no latency (coordinated omission)"
    yield from _corrected(scenario, latency_ns, outcomes)


def _corrected(
    scenario: Scenario, latency_ns: int, outcomes: Outcomes
) -> Iterator[str]:
    """Yield what the slowest latencies are with those that were not sent."""
    phase, *others = scenario.traffic.arrivals
    if others or not isinstance(phase, Users) or phase.page is not None:
        return
    rows = MeasuredSpan(*outcomes.measured_ns).requests(outcomes.request_rows)
    every_ns = max(round(phase.think.expected_ns) + latency_ns, 1)
    told = percentile_s(rows.latency_ns, 99)
    corrected = percentile_s(corrected_ns(rows.latency_ns, every_ns), 99)
    if told is not None and corrected is not None and corrected > told:
        yield (
            f"latency_all_p99_s of {_text(told)} is {_text(corrected)} if"
            f" each user sends every {format_duration(every_ns)}, answered or not"
            " (HdrHistogram's correction)"
        )


def _text(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms"


def corrected_ns(latencies_ns: NDArray[np.int64], every_ns: int) -> NDArray[np.int64]:
    """Return latencies, and those of requests that slow answers kept from being sent.

    While a user waits for several intervals, a request would come in each of them, and
    wait for the rest.

    Args:
        latencies_ns: In any order, shape (n,).
        every_ns: How often a user would send.

    Returns:
        In no order, shape (n or more,).

    Source:
        HdrHistogram, ``recordValueWithExpectedInterval`` (hdrhistogram.github.io).

    >>> corrected_ns(np.array([350, 100, 200]), 100).tolist()
    [350, 100, 200, 250, 150, 100]
    """
    missing = np.maximum(latencies_ns // every_ns - 1, 0)
    first = np.repeat(np.cumsum(missing) - missing, missing)
    step = 1 + np.arange(int(missing.sum())) - first
    omitted = np.repeat(latencies_ns, missing) - step * every_ns
    return np.concatenate([latencies_ns, omitted])


def steady_requests(scenario: Scenario, seed: int, latency_ns: int) -> int | None:
    """Return how many requests come if every answer takes as long; None if too many."""
    if expected_requests(scenario) > _MOST:
        return None
    traffic = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    if traffic.closed_loop is None:
        return None
    sent = sent_if_answered_after(traffic.closed_loop, latency_ns)
    return sum(1 for one in sent if _is_measured(scenario, one.arrived_at_ns))


def _is_measured(scenario: Scenario, at_ns: int) -> bool:
    span = scenario.measure
    if span is None:
        return True
    return span.from_ns <= at_ns < (span.until_ns or at_ns + 1)
