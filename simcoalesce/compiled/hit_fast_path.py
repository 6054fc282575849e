"""Fast path for hits: completes certain hits at their arrival, without a task.

A path that begins with a plain kv.read answers a request from what is visible when it
is issued. All that happened before has been done when it arrives, so a fresh entry is
its answer, and it touches nothing else. The hit of a read that looks at its end is
certain if no put can become visible meanwhile. Where these tests do not suffice, the
request goes through the layers: a weak test costs time, never correctness.
"""

from typing import Any

from simcoalesce.compiled import kv
from simcoalesce.compiled.event_queue import is_due
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.kv_read import HOT, LEAST_WRITE, LOOKS_LATE
from simcoalesce.compiled.layout import (
    ARRIVAL_WIDTH,
    ARRIVES_AT,
    CAME,
    CODE,
    HANDED,
    ITS_ID,
    ITS_KEY,
    ITS_LOCATION,
    KV_READS,
    LOCATIONS,
    NOBODY,
    ROW_WIDTH,
    SHORT_ROW,
    START,
    USAGE,
    USES_FAST_PATH,
)
from simcoalesce.compiled.prefetch import prefetch
from simcoalesce.compiled.state import at, draw

_AHEAD = 8
"""How many requests ahead memory is prefetched."""


@inner
def complete_hits(m: Any, rows: Any, coming: Any, fifo: int) -> None:
    """Complete requests that arrive, as far as their answers are known.

    Args:
        m: The state.
        rows: Where answers go.
        coming: What is told of the requests that the loop was handed.
        fifo: The FIFO whose head is the next event.
    """
    if not m[USES_FAST_PATH]:
        return
    began = came = m[CAME]
    while came < m[HANDED]:
        _prefetch_view(m, coming, came)
        arrival = came * ARRIVAL_WIDTH
        instant, request = coming[arrival + ARRIVES_AT], coming[arrival + ITS_ID]
        if is_due(m, fifo, instant, START + request):
            break
        key, location = coming[arrival + ITS_KEY], coming[arrival + ITS_LOCATION]
        entry = _newest(m, key, location, instant)
        takes = NOBODY if entry == NOBODY else _takes(m, request, instant, entry)
        if takes == NOBODY:
            break
        _write_hit(m, rows, came, instant + takes, entry)
        came += 1
    m[CAME] = came
    m[USAGE + KV_READS] += came - began


@inner
def _prefetch_view(m: Any, coming: Any, came: int) -> None:
    """Ask for the memory of a key that comes soon: of many keys it is far away."""
    if came + _AHEAD < m[HANDED]:
        arrival = (came + _AHEAD) * ARRIVAL_WIDTH
        key, location = coming[arrival + ITS_KEY], coming[arrival + ITS_LOCATION]
        view = kv.view_of(m, key, location)
        prefetch(m, view)
        prefetch(m, view + 8)


@inner
def _newest(m: Any, key: int, location: int, now: int) -> int:
    """Return the visible entry if no put is pending, else NOBODY."""
    view = kv.view_of(m, key, location)
    if m[view + kv.FIRST] != NOBODY:
        kv.make_visible(m, view, now)
    is_last = m[view + kv.FIRST] == NOBODY
    if m[LOCATIONS] > 1:
        elsewhere = kv.view_elsewhere(m, key)
        if m[elsewhere + kv.FIRST] != NOBODY:
            kv.make_visible(m, elsewhere, now)
        is_last &= m[elsewhere + kv.FIRST] == NOBODY
        if m[elsewhere + kv.ENTRY + kv.ORDER] > m[view + kv.ENTRY + kv.ORDER]:
            view = elsewhere
    is_there = m[view + kv.ENTRY + kv.ORDER] != 0
    return int(view + kv.ENTRY) if is_there and is_last else NOBODY


@inner
def _takes(m: Any, request: int, instant: int, entry: int) -> int:
    """Return how long a request will read, or NOBODY if it may not get the entry."""
    own = at(0)
    takes = draw(m, m[own + HOT], request, 0)
    looks_at = instant
    if m[own + LOOKS_LATE]:
        looks_at += takes
        if takes >= m[own + LEAST_WRITE]:
            return NOBODY
    return takes if looks_at < m[entry + kv.EXPIRES] else NOBODY


@inner
def _write_hit(m: Any, rows: Any, row: int, answered_at: int, entry: int) -> None:
    """Write the row of a request that is served an entry."""
    first = row * m[ROW_WIDTH]
    rows[first] = answered_at
    rows[first + 1] = m[entry + kv.STATUS]
    rows[first + 2] = 1
    rows[first + 3] = 0
    if m[ROW_WIDTH] == SHORT_ROW:
        return
    rows[first + 4] = m[at(0) + CODE]
    rows[first + 5] = m[entry + kv.GENERATED]
    rows[first + 6] = 1
    rows[first + 7] = m[entry + kv.VERSION]
    rows[first + 8] = 1
    rows[first + 9] = m[entry + kv.RETRY_AFTER]
