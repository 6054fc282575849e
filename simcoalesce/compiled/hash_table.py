"""Hash table from (level, domain, key) to a number, with linear probing."""

from typing import Final

from simcoalesce.compiled.kernel import entry, inner
from simcoalesce.compiled.record import NOBODY, Record
from simcoalesce.compiled.state import Level, State

EMPTY: Final = -1
_MIX: Final = -7046029254386353131


class Slot(Record):
    """A slot of the table; its key is EMPTY if it holds nothing."""

    key: int
    number: int


@inner
def table_key_of(own: Level, domain: int, key: int) -> int:
    """Return the table key of a key in a domain of a level."""
    return own.number << 58 | domain << 28 | key


@inner
def _slot(m: State, index: int) -> Slot:
    return Slot(m, m.table + index * Slot.width)


@inner
def _index_of(m: State, key: int) -> int:
    """Return the index of a table key, or of the empty slot where it would be."""
    index = _home(key, m.table_size)
    while _slot(m, index).key != EMPTY and _slot(m, index).key != key:
        index = (index + 1) & (m.table_size - 1)
    return index


@inner
def _home(key: int, size: int) -> int:
    word = key * _MIX
    return ((word ^ (word >> 32)) * _MIX >> 20) & (size - 1)


@inner
def find(m: State, key: int) -> int:
    """Return the number of a table key, or NOBODY."""
    slot = _slot(m, _index_of(m, key))
    return NOBODY if slot.key == EMPTY else slot.number


@inner
def block_of(m: State, key: int, width: int) -> int:
    """Return the address of the block of a table key, which is zeros at first."""
    slot = _slot(m, _index_of(m, key))
    if slot.key == EMPTY:
        insert(m, key, m.top)
        m.top += width
    return find(m, key)


@inner
def insert(m: State, key: int, number: int) -> None:
    """Set the number of a table key."""
    slot = _slot(m, _index_of(m, key))
    m.table_used += slot.key == EMPTY
    slot.key, slot.number = key, number


@inner
def remove(m: State, key: int) -> None:
    """Remove a table key, if it is there; what stands behind it moves up."""
    index, mask = _index_of(m, key), m.table_size - 1
    if _slot(m, index).key == EMPTY:
        return
    m.table_used -= 1
    after = (index + 1) & mask
    while _slot(m, after).key != EMPTY:
        moved = _slot(m, after)
        home = _home(moved.key, m.table_size)
        if ((after - home) & mask) >= ((after - index) & mask):
            hole = _slot(m, index)
            hole.key, hole.number = moved.key, moved.number
            index = after
        after = (after + 1) & mask
    _slot(m, index).key = EMPTY


@entry
def move(m: State, target: int, size: int) -> int:
    """Move the table to a larger, empty one; return how many keys it holds."""
    source, held = m.table, m.table_size
    m.table, m.table_size, m.table_used = target, size, 0
    for index in range(held):
        slot = Slot(m, source + index * Slot.width)
        if slot.key != EMPTY:
            insert(m, slot.key, slot.number)
    return m.table_used
