"""Heaps of instants: when servers are free, when calls are answered.

They are skew heaps (Sleator and Tarjan, SIAM Journal on Computing 15(1), 1986), so they
take as much memory as they hold, whatever they may hold.
"""

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import State


class HeapNode(Record):
    """An instant, and what is below it, which is not before it."""

    instant: int
    left: Link["HeapNode"]
    right: Link["HeapNode"]


class InstantHeap(Record):
    """A heap; an empty one may be zeros."""

    above: HeapNode
    """It has no instant; the least is on its left."""
    count: int


@inner
def add(m: State, heap: InstantHeap, instant: int) -> None:
    """Add an instant to a heap."""
    none = HeapNode(m, NOBODY)
    node = HeapNode(m, allocate(m, m.free_instants, HeapNode.width))
    node.instant, node.left, node.right = instant, none, none
    _meld(heap.above, heap.above.left if heap.count else none, node)
    heap.count += 1


@inner
def least(heap: InstantHeap) -> int:
    """Return the least instant of a heap, which is not empty."""
    return heap.above.left.instant


@inner
def drop_least(m: State, heap: InstantHeap) -> None:
    """Remove the least instant of a heap, which is not empty."""
    node = heap.above.left
    _meld(heap.above, node.left, node.right)
    heap.count -= 1
    release(m, m.free_instants, node.at)


@inner
def drop_past(m: State, heap: InstantHeap) -> int:
    """Remove from a heap the instants that are past; return how many stay."""
    while heap.count and least(heap) <= m.now:
        drop_least(m, heap)
    return heap.count


@inner
def _meld(above: HeapNode, one: HeapNode, other: HeapNode) -> None:
    """Make one heap of two, on the left of a node."""
    while one and other:
        if other.instant < one.instant:
            one, other = other, one
        rest = one.right
        one.right = one.left
        above.left = one
        above, one = one, rest
    above.left = one or other
