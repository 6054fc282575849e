"""Fast path for hits: completes certain hits at their arrival, without a task.

A path that begins with a plain kv.read answers a request from what is visible when it
is issued. All that happened before has been done when it arrives, so a fresh entry is
its answer, and it touches nothing else. The hit of a read that looks at its end is
certain if no put can become visible meanwhile. Where these tests do not suffice, the
request goes through the layers: a weak test costs time, never correctness.
"""

from typing import Final

from simcoalesce.compiled.capacity import safe_arrivals
from simcoalesce.compiled.coming import arrives_at, key_at, location_at, may_be_stored
from simcoalesce.compiled.counts import count_hits, show
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
def complete_hits(m: State, rows: Numbers, fifo: int) -> bool:
    """Complete requests that arrive, as far as their answers are known.

    Args:
        m: The state.
        rows: Where answers go.
        fifo: The FIFO whose head is the next event.

    Returns:
        Whether there were any.
    """
    if not m.uses_fast_path:
        return False
    own, most, hits = KvReadLevel(m, level_of(m, 0).at), safe_arrivals(m), 0
    due_at, due_order = head_of(m, fifo)
    while m.came < m.handed and hits < most:
        _prefetch_view(m, m.came + _AHEAD)
        if m.parts > 1 and key_at(m, m.came) % m.parts != m.part:
            m.came += 1
            continue
        order = clock.START + m.first_request + m.came
        instant = arrives_at(m, m.came)
        if due_at < instant or (due_at == instant and due_order < order):
            break
        run = _complete_run(m, rows, own, due_at, most - hits)
        if run == 0:
            break
        hits += run
    m.usage.worker_requests += hits
    m.usage.kv_reads += hits
    return hits > 0


@inner
def _complete_run(
    m: State, rows: Numbers, own: KvReadLevel, due_at: int, most: int
) -> int:
    """Complete the next request, and those behind it that are certain to get the same.

    Returns:
        How many they are; 0 if not even the first is certain.
    """
    came, instant = m.came, arrives_at(m, m.came)
    key, location = key_at(m, came), location_at(m, came)
    entry = _newest(m, key, location, instant)
    takes = _takes(m, own, m.first_request + came, instant, entry) if entry else NOBODY
    if takes == NOBODY or not may_be_stored(m, came):
        return 0
    run = 1
    if own.read_latency.constant >= 0:
        until = min(due_at, entry.expires - takes * own.looks_late)
        most = min(most, m.handed - came)
        while run < most and _is_like(m, came + run, key, location, until):
            run += 1
    if m.has_rows:
        for index in range(run):
            row = row_of(rows, m.first_request + came + index)
            _write_hit(row, own, entry, arrives_at(m, came + index) + takes)
    elif m.counted == m.shown:
        count_hits(m, rows, came, run, takes, entry.generated)
    else:
        for index in range(came, came + run):
            _show_hit(m, index, takes, entry)
    m.came += run
    return run


@inner
def _is_like(m: State, index: int, key: int, location: int, until: int) -> bool:
    """Say whether a request asks for the same as another one, before an instant."""
    is_same = key_at(m, index) == key and location_at(m, index) == location
    return arrives_at(m, index) < until and is_same and may_be_stored(m, index)


@inner
def _prefetch_view(m: State, index: int) -> None:
    """Ask for the memory of a key that comes soon: of many keys it is far away."""
    if index < m.handed:
        view = view_of(m, key_at(m, index), location_at(m, index))
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
def _show_hit(m: State, index: int, takes: int, entry: KvEntry) -> None:
    """Let a request wait until all before it are counted; it is served an entry."""
    group = location_at(m, index) * m.keys + key_at(m, index)
    pending = show(m, m.first_request + index, group, arrives_at(m, index))
    pending.answered_at, pending.status = pending.arrived_at + takes, entry.status
    pending.lookup, pending.role, pending.generated = 1, 0, entry.generated
