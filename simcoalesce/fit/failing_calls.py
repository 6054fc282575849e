"""Outages: runs of calls that fail, and what fails besides them."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FEWEST_CALLS: Final = 5
"""Fewer failures in a row are no outage."""


class FailingRun(NamedTuple):
    """Calls in a row that all fail.

    Attributes:
        first: The number of the first of them.
        last: The number of the last.
        from_s: Halfway between the last good call and the first bad one.
        until_s: Halfway between the last bad call and the next good one.
        is_over: Whether a good call followed.
    """

    first: int
    last: int
    from_s: float
    until_s: float
    is_over: bool


def failing_runs(
    at_s: NDArray[np.float64], fails: NDArray[np.bool_]
) -> list[FailingRun]:
    """Return the runs of failures that are long enough to be an outage.

    Args:
        at_s: When each admitted call was made, ascending.
        fails: Whether it failed.
    """
    edges = np.diff(fails.astype(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    found = []
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        if last - first + 1 < FEWEST_CALLS:
            continue
        before = at_s[first - 1] if first else at_s[first]
        is_over = last + 1 < len(at_s)
        after = at_s[last + 1] if is_over else at_s[last]
        begins = float(before + at_s[first]) / 2
        found.append(
            FailingRun(first, last, begins, float(at_s[last] + after) / 2, is_over)
        )
    return found
