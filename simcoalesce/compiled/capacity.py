"""Capacity: the state grows between two turns of the loop."""

from typing import Final

import numpy as np

from simcoalesce.compiled.call_log import Call
from simcoalesce.compiled.hash_table import EMPTY, Slot, move
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.queue_records import QueueEntry
from simcoalesce.compiled.state import State
from simcoalesce.compiled.tally_records import CallQueue

MARGIN: Final = 64
"""More than one turn of the loop can use of anything."""
_MANY: Final = 1 << 62


@inner
def safe_arrivals(m: State) -> int:
    """Return how many requests may come and be counted before there is no capacity."""
    if m.has_rows:
        return _MANY
    if m.latest >= m.counts.seconds_end:
        return 0
    pending = m.shown - m.counted + MARGIN
    counted = m.counts.requests - m.counts.fetched
    return min(m.pending_mask - pending, m.counts.capacity - counted - pending)


@inner
def _safe_calls(m: State) -> int:
    """Return how many calls may come before there is no capacity to count them."""
    if m.has_call_log:
        return m.call_capacity - m.calls
    calls = m.call_counts
    held = max(
        _held(calls.per_s.calls), _held(calls.per_window.calls), _held(calls.ends)
    )
    return calls.mask - max(held, calls.open_others)


@inner
def _held(queue: CallQueue) -> int:
    return queue.came - queue.gone


@inner
def safe_turns(m: State) -> int:
    """Return how many turns of the loop are sure to find all that they can need."""
    safe = min(
        (m.size - m.top) // m.task_width,
        m.heap_capacity - m.heaped - m.live,
        m.table_size // 2 - m.table_used,
        _safe_calls(m),
    )
    return min(safe // MARGIN, safe_arrivals(m))


def with_capacity(numbers: Row) -> Row:
    """Return the state with more of whatever is short."""
    m = State(numbers, 0)
    if m.heaped + m.live + MARGIN > m.heap_capacity:
        held = m.heap_capacity * QueueEntry.width
        numbers, address = _with_copy(numbers, m.heap, held)
        m = State(numbers, 0)
        m.heap, m.heap_capacity = address, 2 * m.heap_capacity
    if m.calls + MARGIN > m.call_capacity:
        numbers, address = _with_copy(numbers, m.call_log, m.call_capacity * Call.width)
        m = State(numbers, 0)
        m.call_log, m.call_capacity = address, 2 * m.call_capacity
    if 2 * (m.table_used + MARGIN) > m.table_size:
        size = 2 * m.table_size
        numbers, address = with_space(numbers, size * Slot.width)
        numbers[address : address + size * Slot.width] = EMPTY
        move(numbers, address, size)
    return with_space(numbers, 0)[0]


def _with_copy(numbers: Row, first: int, held: int) -> tuple[Row, int]:
    """Return the state with a copy of a region that has twice its capacity."""
    numbers, address = with_space(numbers, 2 * held)
    numbers[address : address + held] = numbers[first : first + held]
    return numbers, address


def with_space(numbers: Row, count: int) -> tuple[Row, int]:
    """Return the state with some free memory reserved, and its address."""
    m = State(numbers, 0)
    address = m.top
    needed = address + count + 2 * MARGIN * m.task_width
    if needed > len(numbers):
        numbers = longer(numbers, max(needed, 2 * len(numbers)))
        m = State(numbers, 0)
    m.top, m.size = address + count, len(numbers)
    return numbers, address


def longer(array: Row, length: int) -> Row:
    """Return an array with more rows behind its own."""
    grown = np.zeros((length, *array.shape[1:]), dtype=np.int64)
    grown[: len(array)] = array
    return grown
