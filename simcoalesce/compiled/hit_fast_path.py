"""Fast path for hits: completes certain hits at their arrival, without a task.

A path that begins with a plain kv.read answers a request from what is visible when it
is issued. All that happened before has been done when it arrives, so a fresh entry is
its answer, and it touches nothing else. The hit of a read that looks at its end is
certain if no put can become visible meanwhile. Where these tests do not suffice, the
request goes through the layers: a weak test costs time, never correctness.
"""

from simcoalesce.compiled import kv, layout
from simcoalesce.compiled.event_queue import is_due
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.kv_read import HOT, LEAST_WRITE, LOOKS_LATE
from simcoalesce.compiled.prefetch import prefetch
from simcoalesce.compiled.state import at, draw

_AHEAD = 8
"""How many requests ahead memory is prefetched."""


@inner
def complete_hits(m: Numbers, rows: Numbers, coming: Numbers, fifo: int) -> None:
    """Complete requests that arrive, as far as their answers are known.

    Args:
        m: The state.
        rows: Where answers go.
        coming: What is told of the requests that the loop was handed.
        fifo: The FIFO whose head is the next event.
    """
    if not m[layout.USES_FAST_PATH]:
        return
    began = came = m[layout.CAME]
    while came < m[layout.HANDED]:
        _prefetch_view(m, coming, came)
        arrival = came * layout.ARRIVAL_WIDTH
        instant, request = (
            coming[arrival + layout.ARRIVES_AT],
            coming[arrival + layout.ITS_ID],
        )
        if is_due(m, fifo, instant, layout.START + request):
            break
        if coming[arrival + layout.ITS_ISOLATE] < 0:
            break
        key, location = (
            coming[arrival + layout.ITS_KEY],
            coming[arrival + layout.ITS_LOCATION],
        )
        entry = _newest(m, key, location, instant)
        takes = (
            layout.NOBODY
            if entry == layout.NOBODY
            else _takes(m, request, instant, entry)
        )
        if takes == layout.NOBODY:
            break
        _write_hit(m, rows, came, instant + takes, entry)
        came += 1
    m[layout.CAME] = came
    m[layout.USAGE + layout.KV_READS] += came - began


@inner
def _prefetch_view(m: Numbers, coming: Numbers, came: int) -> None:
    """Ask for the memory of a key that comes soon: of many keys it is far away."""
    if came + _AHEAD < m[layout.HANDED]:
        arrival = (came + _AHEAD) * layout.ARRIVAL_WIDTH
        key, location = (
            coming[arrival + layout.ITS_KEY],
            coming[arrival + layout.ITS_LOCATION],
        )
        view = kv.view_of(m, key, location)
        prefetch(m, view)
        prefetch(m, view + 8)


@inner
def _newest(m: Numbers, key: int, location: int, now: int) -> int:
    """Return the visible entry if no put is pending, else NOBODY."""
    view = kv.view_of(m, key, location)
    if m[view + kv.FIRST] != layout.NOBODY:
        kv.make_visible(m, view, now)
    is_last = m[view + kv.FIRST] == layout.NOBODY
    if m[layout.LOCATIONS] > 1:
        elsewhere = kv.view_elsewhere(m, key)
        if m[elsewhere + kv.FIRST] != layout.NOBODY:
            kv.make_visible(m, elsewhere, now)
        is_last &= m[elsewhere + kv.FIRST] == layout.NOBODY
        if m[elsewhere + kv.ENTRY + kv.ORDER] > m[view + kv.ENTRY + kv.ORDER]:
            view = elsewhere
    is_there = m[view + kv.ENTRY + kv.ORDER] != 0
    return int(view + kv.ENTRY) if is_there and is_last else layout.NOBODY


@inner
def _takes(m: Numbers, request: int, instant: int, entry: int) -> int:
    """Return how long a request will read, or NOBODY if it may not get the entry."""
    own = at(0)
    takes = draw(m, m[own + HOT], request, 0)
    looks_at = instant
    if m[own + LOOKS_LATE]:
        looks_at += takes
        if takes >= m[own + LEAST_WRITE]:
            return layout.NOBODY
    return takes if looks_at < m[entry + kv.EXPIRES] else layout.NOBODY


@inner
def _write_hit(
    m: Numbers, rows: Numbers, row: int, answered_at: int, entry: int
) -> None:
    """Write the row of a request that is served an entry."""
    first = row * m[layout.ROW_WIDTH]
    rows[first] = answered_at
    rows[first + 1] = m[entry + kv.STATUS]
    rows[first + 2] = 1
    rows[first + 3] = 0
    rows[first + 4] = m[at(0) + layout.CODE]
    rows[first + 5] = m[entry + kv.GENERATED]
    if m[layout.ROW_WIDTH] == layout.SHORT_ROW:
        return
    rows[first + 6] = 1
    rows[first + 7] = m[entry + kv.VERSION]
    rows[first + 8] = 1
    rows[first + 9] = m[entry + kv.RETRY_AFTER]
