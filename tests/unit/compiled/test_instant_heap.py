"""Heaps of instants."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.compiled.instant_heap import InstantHeap, add, drop_past, least
from simcoalesce.compiled.state import State


def an_empty_heap() -> tuple[State, InstantHeap]:
    """Return a heap of nothing, and the state in which it is."""
    state = State(np.zeros(State.width + 1_000, np.int64), 0)
    state.top = State.width + InstantHeap.width
    return state, InstantHeap(state, State.width)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.integers(0, 20))
def test_what_is_past_leaves_a_heap(instants: list[int], now: int) -> None:
    """Of instants in any order those up to now leave; the least of the others leads."""
    state, heap = an_empty_heap()
    for instant in instants:
        add(state, heap, instant)
    state.now = now

    later = [one for one in instants if one > now]
    assert drop_past(state, heap) == len(later)
    assert not later or least(heap) == min(later)


def test_a_heap_takes_the_memory_that_it_holds() -> None:
    """What has left makes room for what comes: two are held at once, of a hundred."""
    state, heap = an_empty_heap()
    began = state.top
    for now in range(100):
        state.now = now
        drop_past(state, heap)
        add(state, heap, now + 2)

    assert heap.count == 2
    assert state.top - began == 2 * 3
