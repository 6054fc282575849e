"""Modes: numbers of runs that lie in two groups or more, far from each other."""

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from typing import Final, NamedTuple

_MOST: Final = 4
_GAPS: Final = (1e12, 300.0, 100.0, 30.0, 30.0, 30.0, 30.0, 30.0, 10.0)
"""How many times as large as the spread within groups a gap must be, by how many
numbers have another one beside them in their group; the last if they are more."""
_LEAST_RATIO: Final = 0.002
"""The spread within a group is at least this share of the largest number."""
_GAP_RATIO: Final = 0.3
"""A gap that is a smaller share of the largest number matters to nobody."""


class Mode(NamedTuple):
    """One of several groups.

    Attributes:
        mean: Of its numbers.
        runs: How many runs have one.
    """

    mean: float
    runs: int


def modes_of(values: Sequence[float]) -> tuple[Mode, ...]:
    """Return the groups of numbers that are far from each other; empty if it is one.

    Each gap between groups is larger than the spread within any: ten times, or more if
    few numbers tell of the spread. Numbers of one distribution, exponential ones too,
    are so in fewer than one sample of a hundred (docs/statistics.md).

    >>> modes_of([0.1, 0.12, 0.11, 0.1, 301.0])
    (Mode(mean=0.1075, runs=4), Mode(mean=301.0, runs=1))
    >>> modes_of([1.0, 2.0, 4.0, 8.0, 16.0])
    ()
    """
    ordered = sorted(values)
    gaps = [after - before for before, after in pairwise(ordered)]
    largest = sorted(range(len(gaps)), key=gaps.__getitem__, reverse=True)
    for many in range(2, min(_MOST, len(ordered)) + 1):
        cuts = sorted(largest[: many - 1])
        gap = gaps[largest[many - 2]]
        if gap < _GAP_RATIO * ordered[-1]:
            return ()
        starts = [0, *(cut + 1 for cut in cuts)]
        ends = [*starts[1:], len(ordered)]
        groups = [ordered[a:b] for a, b in zip(starts, ends, strict=True)]
        spread = max(group[-1] - group[0] for group in groups)
        spread = max(spread, _LEAST_RATIO * ordered[-1])
        times = _GAPS[min(len(ordered) - many, len(_GAPS) - 1)]
        if gap > times * spread:
            return tuple(Mode(fsum(one) / len(one), len(one)) for one in groups)
    return ()
