"""A hash table from (level, domain, key) to a number, with linear probing."""

from typing import Any

from simcoalesce.compiled.kernel import entry, inner
from simcoalesce.compiled.layout import NOBODY, TABLE, TABLE_SIZE, TABLE_USED

EMPTY = -1
_MIX = -7046029254386353131


@inner
def place_of(level: int, domain: int, key: int) -> int:
    """Return the table key of a key in a domain of a level."""
    return level << 58 | domain << 28 | key


@inner
def _slot_of(m: Any, place: int) -> int:
    """Return the slot of a place, or the empty one where it would be."""
    first, size = m[TABLE], m[TABLE_SIZE]
    slot = _home(place, size)
    while m[first + 2 * slot] != EMPTY and m[first + 2 * slot] != place:
        slot = (slot + 1) & (size - 1)
    return int(slot)


@inner
def _home(place: int, size: int) -> int:
    word = place * _MIX
    return ((word ^ (word >> 32)) * _MIX >> 20) & (size - 1)


@inner
def find(m: Any, place: int) -> int:
    """Return the number of a place, or NOBODY."""
    slot = m[TABLE] + 2 * _slot_of(m, place)
    return NOBODY if m[slot] == EMPTY else int(m[slot + 1])


@inner
def insert(m: Any, place: int, number: int) -> None:
    """Set the number of a place."""
    slot = m[TABLE] + 2 * _slot_of(m, place)
    m[TABLE_USED] += m[slot] == EMPTY
    m[slot] = place
    m[slot + 1] = number


@inner
def remove(m: Any, place: int) -> None:
    """Forget a place, if it is there; what stands behind it moves up."""
    first, size = m[TABLE], m[TABLE_SIZE]
    slot = _slot_of(m, place)
    if m[first + 2 * slot] == EMPTY:
        return
    m[TABLE_USED] -= 1
    after = (slot + 1) & (size - 1)
    while m[first + 2 * after] != EMPTY:
        home = _home(m[first + 2 * after], size)
        if ((after - home) & (size - 1)) >= ((after - slot) & (size - 1)):
            m[first + 2 * slot] = m[first + 2 * after]
            m[first + 2 * slot + 1] = m[first + 2 * after + 1]
            slot = after
        after = (after + 1) & (size - 1)
    m[first + 2 * slot] = EMPTY


@entry
def move(m: Any, target: int, size: int) -> int:
    """Move the table to a larger, empty one; return how many places it holds."""
    source, held = m[TABLE], m[TABLE_SIZE]
    m[TABLE], m[TABLE_SIZE], m[TABLE_USED] = target, size, 0
    for slot in range(held):
        if m[source + 2 * slot] != EMPTY:
            insert(m, m[source + 2 * slot], m[source + 2 * slot + 1])
    return int(m[TABLE_USED])
