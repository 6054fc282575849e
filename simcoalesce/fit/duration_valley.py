"""The valley between the durations of hits and those of misses."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_FLOOR_NS: Final = 500_000
"""Logs round to milliseconds: what took none took half of one."""
_STEPS: Final = 60
_WIDTH: Final = 1.5
_LEAST_SHARE: Final = 0.01
_DEPTH: Final = 0.1


def duration_valley_ns(duration_ns: NDArray[Any]) -> int | None:
    """Return the duration that parts the short ones from the long ones.

    It is where the fewest durations are, on a logarithmic axis, with at least a
    hundredth of them on both sides.

    Args:
        duration_ns: Of requests that a store may answer; -1 is left out.

    Returns:
        None if they make one group: a tenth of the smaller part lies in the valley.
    """
    known = np.maximum(duration_ns[duration_ns >= 0], _FLOOR_NS).astype(np.float64)
    if not len(known):
        return None
    known = np.sort(known)
    edges = np.geomspace(_FLOOR_NS, known[-1], _STEPS)[1:-1]
    below = np.searchsorted(known, edges)
    near = np.searchsorted(known, edges * _WIDTH) - np.searchsorted(
        known, edges / _WIDTH
    )
    smaller = np.minimum(below, len(known) - below)
    score = np.where(smaller >= _LEAST_SHARE * len(known), near, len(known))
    fewest = np.flatnonzero(score == score.min())
    middle = fewest[len(fewest) // 2]
    if score[middle] > _DEPTH * smaller[middle]:
        return None
    return int(edges[middle])
