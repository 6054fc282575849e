"""The KV namespace, as `model.kv` has it."""

from typing import Any

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layout import (
    FREE_NODE,
    INBOX,
    KEEPS_COPIES,
    KEYS,
    LOCATIONS,
    NOBODY,
)

# An entry: what a hit needs to know.
STATUS, GENERATED, VERSION, RETRY_AFTER, PUT_AT, EXPIRES, TOOK, ORDER = range(8)
ENTRY_WIDTH = 8

# A box: the first and the last put on its way there (or until when a location's copy
# holds), then the last entry that has arrived; its order is 0 if there is none.
FIRST, LAST, ENTRY = 0, 1, 2
INBOX_WIDTH = ENTRY + ENTRY_WIDTH

# A put on its way: when it arrives, its neighbours, its entry.
VISIBLE_AT, AFTER, BEFORE, NODE_ENTRY = 0, 1, 2, 3
NODE_WIDTH = NODE_ENTRY + ENTRY_WIDTH


@inner
def shelf_of(m: Any, key: int, location: int) -> int:
    """Return the box of what is written in a location."""
    return int(m[INBOX] + (key * m[LOCATIONS] + location) * INBOX_WIDTH)


@inner
def elsewhere_of(m: Any, key: int) -> int:
    """Return the box of what is seen in all other locations."""
    return int(m[INBOX] + (m[KEYS] * m[LOCATIONS] + key) * INBOX_WIDTH)


@inner
def _copy_of(m: Any, key: int, location: int) -> int:
    """Return the box of what a location keeps of what it has read."""
    before = m[KEYS] * (m[LOCATIONS] + 1)
    return int(m[INBOX] + (before + key * m[LOCATIONS] + location) * INBOX_WIDTH)


@inner
def arrive(m: Any, box: int, now: int) -> None:
    """Take in all puts that are visible in a box."""
    node = m[box + FIRST]
    while node != NOBODY and m[node + VISIBLE_AT] <= now:
        for column in range(ENTRY_WIDTH):
            m[box + ENTRY + column] = m[node + NODE_ENTRY + column]
        after = m[node + AFTER]
        release(m, FREE_NODE, node)
        m[box + FIRST] = after
        if after == NOBODY:
            m[box + LAST] = NOBODY
        else:
            m[after + BEFORE] = NOBODY
        node = after


@inner
def expect(m: Any, box: int, visible_at: int, now: int) -> int:
    """Put the last put of all on its way into a box; return where its entry goes."""
    arrive(m, box, now)
    last = m[box + LAST]
    while last != NOBODY and m[last + VISIBLE_AT] >= visible_at:
        before = m[last + BEFORE]
        release(m, FREE_NODE, last)
        last = before
    node = allocate(m, FREE_NODE, NODE_WIDTH)
    m[node + VISIBLE_AT] = visible_at
    m[node + AFTER] = NOBODY
    m[node + BEFORE] = last
    if last == NOBODY:
        m[box + FIRST] = node
    else:
        m[last + AFTER] = node
    m[box + LAST] = node
    return int(node + NODE_ENTRY)


@inner
def look(
    m: Any, key: int, location: int, now: int, keep: int, keep_absence: int
) -> int:
    """Return the entry that a location reads, expired or not, or NOBODY."""
    copy = _copy_of(m, key, location) if m[KEEPS_COPIES] else NOBODY
    if copy != NOBODY and now < m[copy + FIRST]:
        return copy + ENTRY if m[copy + ENTRY + ORDER] else NOBODY
    box = shelf_of(m, key, location)
    arrive(m, box, now)
    if m[LOCATIONS] > 1:
        elsewhere = elsewhere_of(m, key)
        arrive(m, elsewhere, now)
        if m[elsewhere + ENTRY + ORDER] > m[box + ENTRY + ORDER]:
            box = elsewhere
    entry = box + ENTRY
    is_there = m[entry + ORDER] != 0
    if copy != NOBODY:
        until = now + keep_absence
        if is_there and now < m[entry + EXPIRES]:
            until = min(now + keep, m[entry + EXPIRES])
        if until > now:
            m[copy + FIRST] = until
            for column in range(ENTRY_WIDTH):
                m[copy + ENTRY + column] = m[entry + column]
    return int(entry) if is_there else NOBODY
