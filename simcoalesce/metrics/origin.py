"""What the origin saw: calls, refusals, failures, and how densely they came."""

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes
from simcoalesce.units import NS_PER_S


def origin_hits(outcomes: Outcomes) -> int:
    """Return how many calls the origin received, whatever it answered."""
    return len(outcomes.origin_rows.status)


def origin_accepted(outcomes: Outcomes) -> int:
    """Return how many calls the origin did not refuse.

    A call that it accepted may still fail: ``origin_hits`` is always
    ``origin_accepted + origin_rejected``.
    """
    return int(np.count_nonzero(outcomes.origin_rows.status != 429))


def origin_rejected(outcomes: Outcomes) -> int:
    """Return how many calls the origin refused with 429."""
    return int(np.count_nonzero(outcomes.origin_rows.status == 429))


def origin_failed(outcomes: Outcomes) -> int:
    """Return how many calls the origin accepted and answered with another error."""
    status = outcomes.origin_rows.status
    return int(np.count_nonzero((status >= 400) & (status != 429)))


def origin_peak_concurrency(outcomes: Outcomes) -> int:
    """Return the most calls that were open at the origin at one instant.

    Every call counts from its reception to its answer, queued and refused calls
    included. The interval is half-open: a call that ends at an instant is not open
    beside one that begins at it.
    """
    rows = outcomes.origin_rows
    if not len(rows.called_at_ns):
        return 0
    called = np.sort(rows.called_at_ns)
    completed = np.sort(rows.completed_at_ns)
    ended = np.searchsorted(completed, called, side="right")
    return int(np.max(np.arange(1, len(called) + 1) - ended))


def origin_peak_rate_per_s(outcomes: Outcomes) -> float:
    """Return the most calls received within any half-open window of one second.

    The window slides: bins on whole seconds would cut a burst in two.
    """
    return float(busiest_second(outcomes.origin_rows.called_at_ns))


def busiest_second(instants_ns: NDArray[np.int64]) -> int:
    """Return how many instants the busiest half-open window of one second holds.

    Args:
        instants_ns: Instants in any order, shape (n,).
    """
    instants_ns = np.sort(instants_ns)
    if not len(instants_ns):
        return 0
    if instants_ns[-1] - instants_ns[0] < NS_PER_S:
        return len(instants_ns)
    behind = np.searchsorted(instants_ns, instants_ns + NS_PER_S, side="left")
    return int(np.max(behind - np.arange(len(instants_ns))))


def first_rejected_at_s(outcomes: Outcomes) -> float | None:
    """Return when the origin received the first call that it refused with 429."""
    rows = outcomes.origin_rows
    rejected_at_ns = rows.called_at_ns[rows.status == 429]
    return int(rejected_at_ns.min()) / NS_PER_S if len(rejected_at_ns) else None
