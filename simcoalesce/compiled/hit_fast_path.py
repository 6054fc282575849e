"""Foresight: hits whose answer is known when they arrive are settled at once.

A path that begins with a plain kv.read answers a request from what is visible when it
is issued. All that happened before has been done when it arrives, so a fresh entry is
its answer, and it touches nothing: no task is made for it. A read that looks at its end
is foreseen if no put can become visible meanwhile. Where these tests are not enough,
the request goes through the layers, so a weak test costs time, never correctness.
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
"""So many requests ahead memory is asked for."""


@inner
def complete_hits(m: Any, rows: Any, coming: Any, lane: int) -> None:
    """Settle requests that arrive, as far as their answers are known.

    Args:
        m: The machine.
        rows: Where answers go.
        coming: What is told of the requests that the loop was handed.
        lane: The lane whose head is the next event.
    """
    if not m[USES_FAST_PATH]:
        return
    began = came = m[CAME]
    while came < m[HANDED]:
        _look_ahead(m, coming, came)
        arrival = came * ARRIVAL_WIDTH
        instant, request = coming[arrival + ARRIVES_AT], coming[arrival + ITS_ID]
        if is_due(m, lane, instant, START + request):
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
def _look_ahead(m: Any, coming: Any, came: int) -> None:
    """Ask for the memory of a key that comes soon: of many keys it is far away."""
    if came + _AHEAD < m[HANDED]:
        arrival = (came + _AHEAD) * ARRIVAL_WIDTH
        key, location = coming[arrival + ITS_KEY], coming[arrival + ITS_LOCATION]
        box = kv.shelf_of(m, key, location)
        prefetch(m, box)
        prefetch(m, box + 8)


@inner
def _newest(m: Any, key: int, location: int, now: int) -> int:
    """Return the entry that is visible, if none is on its way to be, or NOBODY."""
    box = kv.shelf_of(m, key, location)
    if m[box + kv.FIRST] != NOBODY:
        kv.arrive(m, box, now)
    is_quiet = m[box + kv.FIRST] == NOBODY
    if m[LOCATIONS] > 1:
        elsewhere = kv.elsewhere_of(m, key)
        if m[elsewhere + kv.FIRST] != NOBODY:
            kv.arrive(m, elsewhere, now)
        is_quiet &= m[elsewhere + kv.FIRST] == NOBODY
        if m[elsewhere + kv.ENTRY + kv.ORDER] > m[box + kv.ENTRY + kv.ORDER]:
            box = elsewhere
    is_there = m[box + kv.ENTRY + kv.ORDER] != 0
    return int(box + kv.ENTRY) if is_there and is_quiet else NOBODY


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
    place = row * m[ROW_WIDTH]
    rows[place] = answered_at
    rows[place + 1] = m[entry + kv.STATUS]
    rows[place + 2] = 1
    rows[place + 3] = 0
    if m[ROW_WIDTH] == SHORT_ROW:
        return
    rows[place + 4] = m[at(0) + CODE]
    rows[place + 5] = m[entry + kv.GENERATED]
    rows[place + 6] = 1
    rows[place + 7] = m[entry + kv.VERSION]
    rows[place + 8] = 1
    rows[place + 9] = m[entry + kv.RETRY_AFTER]
