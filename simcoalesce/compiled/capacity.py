"""Room: a machine that grows between two turns of the loop."""

from typing import Final

import numpy as np

from simcoalesce.compiled.event_queue import HEAP_WIDTH
from simcoalesce.compiled.hash_table import EMPTY, move
from simcoalesce.compiled.layout import (
    CALL_LOG,
    CALL_ROOM,
    CALLS,
    LIVE,
    QUEUE,
    QUEUE_ROOM,
    QUEUED,
    SIZE,
    TABLE_SIZE,
    TABLE_USED,
    TASK_WIDTH,
    TOP,
)
from simcoalesce.compiled.origin import CALL_WIDTH
from simcoalesce.compiled.parameters import Row

ROOM: Final = 64
"""More than one turn of the loop can use of anything."""


def with_room(m: Row) -> Row:
    """Return the machine with more of whatever is short."""
    if m[QUEUED] + m[LIVE] + ROOM > m[QUEUE_ROOM]:
        m = _with_larger(m, QUEUE, QUEUE_ROOM, HEAP_WIDTH)
    if m[CALLS] + ROOM > m[CALL_ROOM]:
        m = _with_larger(m, CALL_LOG, CALL_ROOM, CALL_WIDTH)
    if 2 * (m[TABLE_USED] + ROOM) > m[TABLE_SIZE]:
        size = 2 * int(m[TABLE_SIZE])
        m, place = with_space(m, 2 * size)
        m[place : place + 2 * size] = EMPTY
        move(m, place, size)
    m, _ = with_space(m, 0)
    return m


def _with_larger(m: Row, at: int, room: int, width: int) -> Row:
    """Return the machine with a region moved to where it has twice the room."""
    held = int(m[room]) * width
    m, place = with_space(m, 2 * held)
    m[place : place + held] = m[m[at] : m[at] + held]
    m[at], m[room] = place, 2 * m[room]
    return m


def with_space(m: Row, count: int) -> tuple[Row, int]:
    """Return the machine with some numbers taken from its free memory, and where."""
    place = int(m[TOP])
    needed = place + count + 2 * ROOM * int(m[TASK_WIDTH])
    if needed > len(m):
        m = longer(m, max(needed, 2 * len(m)))
    m[TOP], m[SIZE] = place + count, len(m)
    return m, place


def longer(array: Row, length: int) -> Row:
    """Return an array with more rows behind its own."""
    grown = np.zeros((length, *array.shape[1:]), dtype=np.int64)
    grown[: len(array)] = array
    return grown
