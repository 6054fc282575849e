"""Truth: whether a comparison is true of all of an interval, of no part, or of some."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

Truth = Literal["holds", "fails", "undecided"]
"""True of every value of an interval, of none, or of some: the only words for it."""

_DECIDE: Final[Mapping[str, Callable[[float, float, float], tuple[bool, bool]]]] = {
    "<=": lambda low, high, limit: (high <= limit, low > limit),
    "<": lambda low, high, limit: (high < limit, low >= limit),
    ">=": lambda low, high, limit: (low >= limit, high < limit),
    ">": lambda low, high, limit: (low > limit, high <= limit),
    "==": lambda low, high, limit: (low == high == limit, not low <= limit <= high),
    "!=": lambda low, high, limit: (not low <= limit <= high, low == high == limit),
}
"""For each comparison: is it true of the whole of [low, high], and of no part?"""

COMPARISONS: Final = frozenset(_DECIDE)
CHANGES: Final = frozenset(("worse by", "higher by", "lower by"))
DECISIVE: Final[tuple[Truth, ...]] = ("fails", "undecided", "holds")
"""What decides where several things must be true, the first of these that one is."""


def truth_of(comparison: str, low: float, high: float, limit: float) -> Truth:
    """Return whether a comparison with a limit is true of all of [low, high], or none.

    >>> truth_of("<=", 40, 45, 50), truth_of("<=", 40, 60, 50)
    ('holds', 'undecided')
    """
    holds, fails = _DECIDE[comparison](low, high, limit)
    return "holds" if holds else "fails" if fails else "undecided"


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Return the truth of statements joined by `and`: of the one that decides."""
    return min(truths, key=DECISIVE.index, default="holds")
