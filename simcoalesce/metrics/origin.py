"""What the origin saw: calls, refusals, failures, and how densely they came."""

from simcoalesce.metrics.tally import REQUESTS, Tally
from simcoalesce.outcomes import NEVER
from simcoalesce.units import NS_PER_S


def origin_hits(tally: Tally) -> int:
    """Return how many calls the origin received, whatever it answered."""
    return tally.calls.count


def origin_accepted(tally: Tally) -> int:
    """Return how many calls the origin did not refuse.

    A call that it accepted may still fail: ``origin_hits`` is always
    ``origin_accepted + origin_rejected``.
    """
    return tally.calls.count - tally.calls.rejected


def origin_rejected(tally: Tally) -> int:
    """Return how many calls the origin refused with 429."""
    return tally.calls.rejected


def origin_failed(tally: Tally) -> int:
    """Return how many calls the origin accepted and answered with another error."""
    return tally.calls.failed


def origin_peak_concurrency(tally: Tally) -> int:
    """Return the most calls that were open at the origin at one instant.

    Every call counts from its reception to its answer, queued and refused calls
    included. The interval is half-open: a call that ends at an instant is not open
    beside one that begins at it.
    """
    return tally.calls.peak_concurrency


def origin_peak_rate_per_s(tally: Tally) -> float:
    """Return the most calls received within any half-open window of one second.

    The window slides: bins on whole seconds would cut a burst in two.
    """
    return float(tally.calls.per_s.most)


def origin_peak_calls_per_window(tally: Tally) -> int | None:
    """Return the most calls received within any half-open window of the limit.

    It is as long as the window of the first limit of all calls that has one, and
    slides: a provider may begin to count anywhere. None if no limit has a window.
    """
    peak = tally.calls.per_window
    return None if peak is None else peak.most


def origin_ratio(tally: Tally) -> float | None:
    """Return how many calls the origin received for each request.

    Attempts, refreshes in the background and refused calls count, so it may exceed 1.
    """
    total = tally[REQUESTS]
    return tally.calls.count / total if total else None


def first_rejected_at_s(tally: Tally) -> float | None:
    """Return when the origin received the first call that it refused with 429."""
    first_ns = tally.calls.first_rejected_at_ns
    return None if first_ns == NEVER else first_ns / NS_PER_S
