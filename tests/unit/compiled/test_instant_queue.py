"""Queues of instants."""

import numpy as np

from simcoalesce.compiled.instant_queue import InstantQueue, join, let_leave
from simcoalesce.compiled.state import State


def test_a_queue_takes_the_memory_that_it_holds() -> None:
    """What has left makes room for what comes: three wait at once, of a hundred."""
    state = State(np.zeros(State.width + 1_000, np.int64), 0)
    began = state.top = State.width + InstantQueue.width
    queue = InstantQueue(state, State.width)
    waiting = []
    for now in range(100):
        state.now = now
        waiting.append(let_leave(state, queue))
        join(state, queue, now + 3)

    assert waiting[:5] == [0, 1, 2, 2, 2]
    assert queue.first.instant == 100
    assert state.top - began == 3 * 2


def test_nobody_leaves_a_queue_before_those_in_front() -> None:
    """The second is past, but the first is not."""
    state = State(np.zeros(State.width + 100, np.int64), 0)
    state.top = State.width + InstantQueue.width
    queue = InstantQueue(state, State.width)
    for instant in (5, 1):
        join(state, queue, instant)
    state.now = 3

    assert let_leave(state, queue) == 2
    state.now = 5
    assert let_leave(state, queue) == 0
