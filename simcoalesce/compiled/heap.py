"""Heaps of instants: when servers are free, when calls are answered."""

from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.layout import NOW


@inner
def sift_up(m: Numbers, first: int, hole: int, instant: int) -> None:
    """Add an instant to a heap, at its end."""
    while hole > 0:
        parent = (hole - 1) >> 1
        if m[first + parent] <= instant:
            break
        m[first + hole] = m[first + parent]
        hole = parent
    m[first + hole] = instant


@inner
def replace_first(m: Numbers, first: int, count: int, instant: int) -> None:
    """Replace the least instant of a heap by another."""
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= count:
            break
        if child + 1 < count and m[first + child + 1] < m[first + child]:
            child += 1
        if m[first + child] >= instant:
            break
        m[first + hole] = m[first + child]
        hole = child
    m[first + hole] = instant


@inner
def drop_past(m: Numbers, first: int, count: int) -> int:
    """Remove from a heap of instants those that are past; return how many stay."""
    while count and m[first] <= m[NOW]:
        count -= 1
        if count:
            replace_first(m, first, count, m[first + count])
    return count
