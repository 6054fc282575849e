"""Stamps: how coarse the instants of a log are, told by themselves."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

COARSEST_NS: Final = 3_600 * 10**9
_S: Final = 10**9
_RESOLUTIONS: Final = (
    *(COARSEST_NS, 60 * _S, _S, 10**8, 10**7, 10**6, 10**5, 10**4),
    *(1_000, 100, 10),
)
"""How coarse stamps may be: each is a multiple of the next."""
_FIRST_WALL_CLOCK_NS: Final = 10**17
"""Before it (March 1973) an instant is no date but a count from some start."""
_FEWEST_STAMPS: Final = 5
"""So many different stamps at whole minutes are no chance."""
_FEWEST_COUNTS: Final = 3
"""So many different counts that are whole seconds are no chance."""


def stamp_of(at_ns: NDArray[np.int64]) -> int:
    """Return the coarsest resolution of which all instants are multiples.

    >>> stamp_of(np.array([3_000_000_000, 5_000_000_000]))
    1000000000
    """
    first = at_ns[:100]
    for resolution_ns in _RESOLUTIONS:
        if not np.any(first % resolution_ns) and not np.any(at_ns % resolution_ns):
            return resolution_ns
    return 1


def stamp_of_log(
    at_ns: NDArray[np.int64], measured_ns: int, *, is_wall_clock: bool
) -> int:
    """Return how coarse the stamps of a log are, as far as that is certain.

    Few instants may be whole minutes by chance. Counts from a start may be meant as
    they are: they are taken for coarse if there are several and some are alike.

    Args:
        at_ns: Starts in ascending order.
        measured_ns: What `stamp_of` says of all stamps.
        is_wall_clock: Whether they count since 1970.
    """
    if not len(at_ns):
        return 1
    different = int(np.count_nonzero(np.diff(at_ns))) + 1
    is_count = not is_wall_clock or int(at_ns[-1]) < _FIRST_WALL_CLOCK_NS
    if is_count and (different < _FEWEST_COUNTS or different == len(at_ns)):
        return 1
    return min(measured_ns, _S) if different < _FEWEST_STAMPS else measured_ns
