"""KV namespace, as `model.kv` has it."""

import numpy as np
from numpy.typing import NDArray

from simcoalesce.compiled import layout
from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.kernel import Numbers, inner

# An entry: what a hit needs to know.
STATUS, GENERATED, VERSION, RETRY_AFTER, PUT_AT, EXPIRES, TOOK, ORDER = range(8)
ENTRY_WIDTH = 8

# What a location sees: the first and the last pending put (or until when a location's
# copy holds), then the last visible entry; its order is 0 if there is none.
FIRST, LAST, ENTRY = 0, 1, 2
VIEW_WIDTH = ENTRY + ENTRY_WIDTH

# The rules of a location's copies.
KEEP_VALUE, KEEP_ABSENCE, HIDES_LOCAL = 0, 1, 2
COPIES_WIDTH = 3

# A pending put: when it becomes visible, its neighbours, its entry.
VISIBLE_AT, AFTER, BEFORE, NODE_ENTRY = 0, 1, 2, 3
NODE_WIDTH = NODE_ENTRY + ENTRY_WIDTH


def views(keys: int, locations: int) -> NDArray[np.int64]:
    """Return what each location, and all others, see and keep of each key: nothing."""
    empty = np.zeros(((2 * locations + 1) * keys, VIEW_WIDTH), dtype=np.int64)
    empty[: (locations + 1) * keys, [FIRST, LAST]] = layout.NOBODY
    return empty


@inner
def view_of(m: Numbers, key: int, location: int) -> int:
    """Return what a location sees of its own puts."""
    return int(m[layout.VIEWS] + (key * m[layout.LOCATIONS] + location) * VIEW_WIDTH)


@inner
def view_elsewhere(m: Numbers, key: int) -> int:
    """Return what all other locations see."""
    return int(
        m[layout.VIEWS] + (m[layout.KEYS] * m[layout.LOCATIONS] + key) * VIEW_WIDTH
    )


@inner
def _cached_view(m: Numbers, key: int, location: int) -> int:
    """Return what a location keeps of what it has read."""
    before = m[layout.KEYS] * (m[layout.LOCATIONS] + 1)
    return int(
        m[layout.VIEWS] + (before + key * m[layout.LOCATIONS] + location) * VIEW_WIDTH
    )


@inner
def make_visible(m: Numbers, view: int, now: int) -> None:
    """Make the pending puts visible whose instant has come."""
    node = m[view + FIRST]
    while node != layout.NOBODY and m[node + VISIBLE_AT] <= now:
        for column in range(ENTRY_WIDTH):
            m[view + ENTRY + column] = m[node + NODE_ENTRY + column]
        after = m[node + AFTER]
        release(m, layout.FREE_NODE, node)
        m[view + FIRST] = after
        if after == layout.NOBODY:
            m[view + LAST] = layout.NOBODY
        else:
            m[after + BEFORE] = layout.NOBODY
        node = after


@inner
def add_put(m: Numbers, view: int, visible_at: int, now: int) -> int:
    """Add the last put of all to a view; return where its entry goes."""
    make_visible(m, view, now)
    last = m[view + LAST]
    while last != layout.NOBODY and m[last + VISIBLE_AT] >= visible_at:
        before = m[last + BEFORE]
        release(m, layout.FREE_NODE, last)
        last = before
    node = allocate(m, layout.FREE_NODE, NODE_WIDTH)
    m[node + VISIBLE_AT] = visible_at
    m[node + AFTER] = layout.NOBODY
    m[node + BEFORE] = last
    if last == layout.NOBODY:
        m[view + FIRST] = node
    else:
        m[last + AFTER] = node
    m[view + LAST] = node
    return int(node + NODE_ENTRY)


@inner
def lookup(m: Numbers, key: int, location: int, now: int, copies: int) -> int:
    """Return the entry that a location reads, expired or not, or NOBODY.

    Args:
        m: The state.
        key: The key.
        location: Where it is read.
        now: The instant.
        copies: Where the rules of the location's copies stand.
    """
    view = view_of(m, key, location)
    make_visible(m, view, now)
    copy = _cached_view(m, key, location) if m[layout.KEEPS_COPIES] else layout.NOBODY
    if copy != layout.NOBODY and now < m[copy + FIRST]:
        order = m[copy + ENTRY + ORDER]
        if m[copies + HIDES_LOCAL] or order >= m[view + ENTRY + ORDER]:
            return copy + ENTRY if order else layout.NOBODY
    if m[layout.LOCATIONS] > 1:
        elsewhere = view_elsewhere(m, key)
        make_visible(m, elsewhere, now)
        if m[elsewhere + ENTRY + ORDER] > m[view + ENTRY + ORDER]:
            view = elsewhere
    entry = view + ENTRY
    if copy != layout.NOBODY:
        _keep(m, copy, entry, now, copies)
    return int(entry) if m[entry + ORDER] else layout.NOBODY


@inner
def _keep(m: Numbers, copy: int, entry: int, now: int, copies: int) -> None:
    """Let a location go on reading what it has read, for a while."""
    until = now + m[copies + KEEP_ABSENCE]
    if m[entry + ORDER] and now < m[entry + EXPIRES]:
        until = min(now + m[copies + KEEP_VALUE], m[entry + EXPIRES])
    if until > now:
        m[copy + FIRST] = until
        for column in range(ENTRY_WIDTH):
            m[copy + ENTRY + column] = m[entry + column]
