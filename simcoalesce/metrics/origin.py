"""What the origin saw: calls, refusals, failures, and how densely they came."""

from simcoalesce.metrics.tally import Tally
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
    return float(tally.calls.peak_per_s)


def first_rejected_at_s(tally: Tally) -> float | None:
    """Return when the origin received the first call that it refused with 429."""
    first_ns = tally.calls.first_rejected_at_ns
    return None if first_ns == NEVER else first_ns / NS_PER_S
