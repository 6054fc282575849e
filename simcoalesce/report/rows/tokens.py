"""How many tokens a bucket holds over time, given the calls that it admitted."""

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.rate_limits.token_bucket import TokenBucket
from simcoalesce.outcomes import OriginRows
from simcoalesce.units import NS_PER_S


def fewest_tokens(
    calls: OriginRows, bucket: TokenBucket, edges_ns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the fewest tokens that a bucket holds in each bin, shape (bins,).

    They are those left behind each admitted call; in a bin without calls, those at its
    begin. A real origin may admit what its described limit would not: then it is 0.

    Args:
        calls: The calls that the origin received, in order.
        bucket: Counts all of them, and is full at t = 0.
        edges_ns: Edges of the bins, shape (bins + 1,).
    """
    at_ns = np.sort(calls.called_at_ns[calls.status != 429])
    interval_ns = round(NS_PER_S / bucket.rate_per_s)
    full_at_ns = _full_at_ns(at_ns, interval_ns)
    begins_ns = edges_ns[:-1]
    before = np.searchsorted(at_ns, begins_ns)
    known_ns = np.concatenate([[0], full_at_ns])[before]
    lacking_ns = np.maximum(known_ns - begins_ns, 0)
    which = np.searchsorted(edges_ns, at_ns, side="right") - 1
    is_inside = (which >= 0) & (which < len(begins_ns))
    np.maximum.at(lacking_ns, which[is_inside], (full_at_ns - at_ns)[is_inside])
    left: NDArray[np.float64] = bucket.burst - lacking_ns / interval_ns
    return np.maximum(left, 0.0)


def _full_at_ns(at_ns: NDArray[np.int64], interval_ns: int) -> NDArray[np.int64]:
    """Return when the bucket would be full again, after each call."""
    # full[i] = max(full[i - 1], at[i]) + interval, with the intervals so far taken off.
    so_far_ns = interval_ns * np.arange(len(at_ns))
    highest = np.maximum.accumulate(np.maximum(at_ns, 0) - so_far_ns)
    full: NDArray[np.int64] = highest + so_far_ns + interval_ns
    return full
