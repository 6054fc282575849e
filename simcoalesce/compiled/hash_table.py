"""Hash table from (level, domain, key) to a number, with linear probing."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.kernel import Numbers, entry, inner

EMPTY = -1
_MIX = -7046029254386353131


@inner
def table_key_of(level: int, domain: int, key: int) -> int:
    """Return the table key of a key in a domain of a level."""
    return level << 58 | domain << 28 | key


@inner
def _slot_of(m: Numbers, key: int) -> int:
    """Return the slot of a table key, or the empty one where it would be."""
    first, size = m[layout.TABLE], m[layout.TABLE_SIZE]
    slot = _home(key, size)
    while m[first + 2 * slot] != EMPTY and m[first + 2 * slot] != key:
        slot = (slot + 1) & (size - 1)
    return int(slot)


@inner
def _home(key: int, size: int) -> int:
    word = key * _MIX
    return ((word ^ (word >> 32)) * _MIX >> 20) & (size - 1)


@inner
def find(m: Numbers, key: int) -> int:
    """Return the number of a table key, or NOBODY."""
    slot = m[layout.TABLE] + 2 * _slot_of(m, key)
    return layout.NOBODY if m[slot] == EMPTY else int(m[slot + 1])


@inner
def insert(m: Numbers, key: int, number: int) -> None:
    """Set the number of a table key."""
    slot = m[layout.TABLE] + 2 * _slot_of(m, key)
    m[layout.TABLE_USED] += m[slot] == EMPTY
    m[slot] = key
    m[slot + 1] = number


@inner
def remove(m: Numbers, key: int) -> None:
    """Remove a table key, if it is there; what stands behind it moves up."""
    first, size = m[layout.TABLE], m[layout.TABLE_SIZE]
    slot = _slot_of(m, key)
    if m[first + 2 * slot] == EMPTY:
        return
    m[layout.TABLE_USED] -= 1
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
def move(m: Numbers, target: int, size: int) -> int:
    """Move the table to a larger, empty one; return how many keys it holds."""
    source, held = m[layout.TABLE], m[layout.TABLE_SIZE]
    m[layout.TABLE], m[layout.TABLE_SIZE], m[layout.TABLE_USED] = target, size, 0
    for slot in range(held):
        if m[source + 2 * slot] != EMPTY:
            insert(m, m[source + 2 * slot], m[source + 2 * slot + 1])
    return int(m[layout.TABLE_USED])
