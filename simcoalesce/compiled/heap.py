"""Heaps of instants: when servers are free, when calls are answered."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State


@inner
def sift_up(m: State, first: int, hole: int, instant: int) -> None:
    """Add an instant to a heap, at its end."""
    while hole > 0:
        above = (hole - 1) >> 1
        if m[first + above] <= instant:
            break
        m[first + hole] = m[first + above]
        hole = above
    m[first + hole] = instant


@inner
def replace_first(m: State, first: int, count: int, instant: int) -> None:
    """Replace the least instant of a heap by another."""
    hole = 0
    while 2 * hole + 1 < count:
        below = 2 * hole + 1
        if below + 1 < count and m[first + below + 1] < m[first + below]:
            below += 1
        if m[first + below] >= instant:
            break
        m[first + hole] = m[first + below]
        hole = below
    m[first + hole] = instant


@inner
def drop_past(m: State, first: int, count: int) -> int:
    """Remove from a heap of instants those that are past; return how many stay."""
    while count and m[first] <= m.now:
        count -= 1
        if count:
            replace_first(m, first, count, m[first + count])
    return count
