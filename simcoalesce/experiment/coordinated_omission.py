"""Coordinated omission: what a closed loop does not send because answers are slow."""

from collections.abc import Iterator, Mapping
from typing import Final

from simcoalesce.experiment.size import expected_requests
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic.client_queue import sent_if_answered_after
from simcoalesce.units import NS_PER_S, format_duration

_MOST: Final = 1_000_000
"""More requests than this are not made a second time."""


def omission_notes(
    scenario: Scenario, seed: int, measured: Mapping[str, float | None]
) -> Iterator[str]:
    """Yield how many requests a closed loop sent, and how many it left out.

    The same clients, with the same think times, send to something that answers each
    request after the median latency of the run. What they send more, the slow answers
    kept from being sent.

    Args:
        scenario: What was simulated.
        seed: Of the run.
        measured: The metrics of the run.

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
    if steady is not None:
        takes = format_duration(latency_ns)
        said += (
            f"; they send {steady:,} if every answer takes the median of {takes}"
            f" (seed {seed})"
        )
    yield f"{said}. What is not sent has no latency (coordinated omission)"


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
