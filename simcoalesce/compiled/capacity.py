"""Capacity: the state grows between two turns of the loop."""

from typing import Final

import numpy as np

from simcoalesce.compiled import layout
from simcoalesce.compiled.event_queue import HEAP_WIDTH
from simcoalesce.compiled.hash_table import EMPTY, move
from simcoalesce.compiled.origin import CALL_WIDTH
from simcoalesce.compiled.parameters import Row

MARGIN: Final = 64
"""More than one turn of the loop can use of anything."""


def with_capacity(m: Row) -> Row:
    """Return the state with more of whatever is short."""
    if m[layout.QUEUED] + m[layout.LIVE] + MARGIN > m[layout.QUEUE_CAPACITY]:
        m = _with_larger(m, layout.QUEUE, layout.QUEUE_CAPACITY, HEAP_WIDTH)
    if m[layout.CALLS] + MARGIN > m[layout.CALL_CAPACITY]:
        m = _with_larger(m, layout.CALL_LOG, layout.CALL_CAPACITY, CALL_WIDTH)
    if 2 * (m[layout.TABLE_USED] + MARGIN) > m[layout.TABLE_SIZE]:
        size = 2 * int(m[layout.TABLE_SIZE])
        m, address = with_space(m, 2 * size)
        m[address : address + 2 * size] = EMPTY
        move(m, address, size)
    m, _ = with_space(m, 0)
    return m


def _with_larger(m: Row, at: int, capacity: int, width: int) -> Row:
    """Return the state with a region moved to where it has twice the capacity."""
    held = int(m[capacity]) * width
    m, address = with_space(m, 2 * held)
    m[address : address + held] = m[m[at] : m[at] + held]
    m[at], m[capacity] = address, 2 * m[capacity]
    return m


def with_space(m: Row, count: int) -> tuple[Row, int]:
    """Return the state with some free memory reserved, and its address."""
    address = int(m[layout.TOP])
    needed = address + count + 2 * MARGIN * int(m[layout.TASK_WIDTH])
    if needed > len(m):
        m = longer(m, max(needed, 2 * len(m)))
    m[layout.TOP], m[layout.SIZE] = address + count, len(m)
    return m, address


def longer(array: Row, length: int) -> Row:
    """Return an array with more rows behind its own."""
    grown = np.zeros((length, *array.shape[1:]), dtype=np.int64)
    grown[: len(array)] = array
    return grown
