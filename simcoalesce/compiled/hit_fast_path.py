"""Fast path for hits: completes certain hits at their arrival, without a task.

A path that begins with a plain kv.read answers a request from what is visible when it
is issued. All that happened before has been done when it arrives, so a fresh entry is
its answer, and it touches nothing else. The hit of a read that looks at its end is
certain if no put can become visible meanwhile. Where these tests do not suffice, the
request goes through the layers: a weak test costs time, never correctness.
"""

from typing import Final

from simcoalesce.compiled.capacity import safe_arrivals
from simcoalesce.compiled.coming import arrives_at, isolate_at, key_at, location_at
from simcoalesce.compiled.counts import count_hit, show
from simcoalesce.compiled.event_queue import head_of
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.kv import KvEntry, make_visible, view_elsewhere, view_of
from simcoalesce.compiled.layers.kv_read import KvReadLevel
from simcoalesce.compiled.prefetch import prefetch
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.rows import RequestRow, row_of
from simcoalesce.compiled.state import State
from simcoalesce.compiled.tasks import draw_for, level_of
from simcoalesce.model import clock
from simcoalesce.model.lifetime import FIRST_ERROR

_AHEAD: Final = 8
"""How many requests ahead memory is prefetched."""


@inner
def complete_hits(m: State, rows: Numbers, coming: Numbers, fifo: int) -> bool:
    """Complete requests that arrive, as far as their answers are known.

    Args:
        m: The state.
        rows: Where answers go.
        coming: The requests that the loop was handed, as `coming` has them.
        fifo: The FIFO whose head is the next event.

    Returns:
        Whether there were any.
    """
    if not m.uses_fast_path:
        return False
    own, came, hits = KvReadLevel(m, level_of(m, 0).at), m.came, 0
    due_at, due_order = head_of(m, fifo)
    most = safe_arrivals(m)
    while came < m.handed and hits < most:
        _prefetch_view(m, coming, came + _AHEAD)
        key, location = key_at(m, coming, came), location_at(m, coming, came)
        if m.parts > 1 and key % m.parts != m.part:
            came += 1
            continue
        instant, request = arrives_at(coming, came), m.first_request + came
        order = clock.START + request
        if due_at < instant or (due_at == instant and due_order < order):
            break
        entry = _newest(m, key, location, instant)
        takes = _takes(m, own, request, instant, entry) if entry else NOBODY
        if takes == NOBODY or isolate_at(m, coming, came) < 0:
            break
        if m.has_rows:
            _write_hit(row_of(rows, request), own, entry, instant + takes)
        else:
            _count(m, location * m.keys + key, request, instant, takes, entry)
        came, hits = came + 1, hits + 1
    m.came = came
    m.usage.worker_requests += hits
    m.usage.kv_reads += hits
    return hits > 0


@inner
def _prefetch_view(m: State, coming: Numbers, index: int) -> None:
    """Ask for the memory of a key that comes soon: of many keys it is far away."""
    if index < m.handed:
        view = view_of(m, key_at(m, coming, index), location_at(m, coming, index))
        prefetch(m.numbers, view.at)
        prefetch(m.numbers, view.at + 8)


@inner
def _newest(m: State, key: int, location: int, now: int) -> KvEntry:
    """Return the visible entry if no put is pending and it is no error, else none."""
    view = view_of(m, key, location)
    make_visible(m, view, now)
    is_last = not view.first
    if m.locations > 1:
        elsewhere = view_elsewhere(m, key)
        make_visible(m, elsewhere, now)
        is_last &= not elsewhere.first
        if elsewhere.entry.order > view.entry.order:
            view = elsewhere
    entry = view.entry
    is_good = entry.order != 0 and entry.status < FIRST_ERROR
    return entry if is_good and is_last else KvEntry(m, NOBODY)


@inner
def _takes(
    m: State, own: KvReadLevel, request: int, instant: int, entry: KvEntry
) -> int:
    """Return how long a request will read, or NOBODY if it may not get the entry."""
    takes = draw_for(m, own.read_latency, request, 0)
    looks_at = instant
    if own.looks_late:
        looks_at += takes
        if takes >= own.least_write_ns:
            return NOBODY
    return takes if looks_at < entry.expires else NOBODY


@inner
def _write_hit(
    row: RequestRow, own: KvReadLevel, entry: KvEntry, answered_at: int
) -> None:
    """Write the row of a request that is served an entry."""
    answer = row.answer
    row.answered_at = answered_at
    answer.status, answer.lookup, answer.role = entry.status, 1, 0
    answer.served_by, answer.generated = own.served_by, entry.generated
    answer.attempts, answer.version = 1, entry.version
    answer.cacheable, answer.retry_after = True, entry.retry_after


@inner
def _count(
    m: State, group: int, request: int, instant: int, takes: int, entry: KvEntry
) -> None:
    """Count a request that is served an entry, at once if all before it are counted."""
    answered_at = instant + takes
    if m.counted == m.shown:
        count_hit(m, group, instant, takes, answered_at - entry.generated)
        return
    pending = show(m, request, group, instant)
    pending.answered_at, pending.status = answered_at, entry.status
    pending.lookup, pending.role, pending.generated = 1, 0, entry.generated
