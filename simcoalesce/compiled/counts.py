"""Counts of a run: what `metrics.tally` counts of requests, in order of arrival.

A ring holds the requests that are under way. Each is counted when it and all before it
have their answers.
"""

from typing import Final

import numpy as np

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State, Task
from simcoalesce.compiled.tally_records import Latencies, OpenWindow, Pending
from simcoalesce.metrics import seconds as by_second
from simcoalesce.metrics.latency_histogram import BEFORE_FIRST, DROPPED_BITS
from simcoalesce.outcomes import NEVER, Lookup, Role

_MISS, _HIT, _BYPASS = int(Lookup.MISS), int(Lookup.HIT), int(Lookup.BYPASS)
_LEADER, _FOLLOWER = int(Role.LEADER), int(Role.FOLLOWER)
_FIRST_ERROR: Final = 400


@inner
def pending_of(m: State, turn: int) -> Pending:
    """Return the request that came into the ring at its turn."""
    return Pending(m, m.pending + (turn & m.pending_mask) * Pending.width)


@inner
def show(m: State, request: int, group: int, instant: int) -> Pending:
    """Let a request come into the ring."""
    pending = pending_of(m, m.shown)
    m.shown += 1
    pending.request, pending.arrived_at = request, instant
    pending.group, pending.answered_at = group, NEVER
    return pending


@inner
def answer(m: State, task: Task) -> None:
    """Note the answer of a request; count it if all before it are counted."""
    pending = pending_of(m, task.to)
    given = task.answer
    pending.answered_at, pending.status = m.now, given.status
    pending.lookup, pending.role = given.lookup, given.role
    pending.generated = given.generated
    if task.isolate < 0:
        pending.lookup, pending.role = _BYPASS, 0
    if task.to == m.counted:
        _count_answered(m)


@inner
def _count_answered(m: State) -> None:
    while m.counted < m.shown:
        pending = pending_of(m, m.counted)
        if pending.answered_at == NEVER:
            return
        _count(m, pending)
        m.counted += 1


@inner
def count_hit(m: State, group: int, arrived_at: int, took: int, age: int) -> None:
    """Count a hit at its arrival, when all before it are counted."""
    counts = m.counts
    counts.requests += 1
    counts.hits += 1
    _add(m, counts.answered, took)
    _add(m, counts.ages, age)
    _count_second(m, arrived_at, took)
    window = OpenWindow(m, counts.windows + group * OpenWindow.width)
    if window.size:
        _close(m, window, arrived_at)


@inner
def _count(m: State, pending: Pending) -> None:
    """Count a request that has its answer."""
    counts = m.counts
    took = pending.answered_at - pending.arrived_at
    counts.requests += 1
    counts.leaders += pending.role == _LEADER
    counts.followers += pending.role == _FOLLOWER
    _count_second(m, pending.arrived_at, took)
    if pending.status < _FIRST_ERROR:
        _add(m, counts.answered, took)
        if _MISS < pending.lookup < _BYPASS:
            _add(m, counts.ages, pending.answered_at - pending.generated)
    else:
        counts.errors += 1
        m[_second_of(m, pending.arrived_at)] += 1
        _add(m, counts.failed, took)
    if pending.lookup == _BYPASS:
        counts.bypasses += 1
    else:
        _count_lookup(m, pending)


@inner
def _count_lookup(m: State, pending: Pending) -> None:
    """Count what a request found, which opens or closes the window of its key."""
    counts = m.counts
    window = OpenWindow(m, counts.windows + pending.group * OpenWindow.width)
    if pending.lookup == _MISS:
        if window.size == 0:
            window.opened_at, window.opened_by = pending.arrived_at, pending.request
        window.size += 1
        return
    if pending.lookup == _HIT:
        counts.hits += 1
    else:
        counts.stale += 1
    if window.size:
        _close(m, window, pending.arrived_at)


@inner
def _close(m: State, window: OpenWindow, instant: int) -> None:
    """Close a window; note it if it is the largest so far."""
    counts = m.counts
    largest, size = counts.largest_closed, window.size
    if size > largest or (size == largest and window.opened_by < counts.opened_by):
        counts.largest_closed, counts.opened_by = size, window.opened_by
        counts.window_ns = instant - window.opened_at
    window.size = 0


@inner
def _add(m: State, latencies: Latencies, latency_ns: int) -> None:
    """Add a latency: one by one, or to its bin."""
    if latencies.bins:
        bits = np.float64(latency_ns).view(np.int64)
        which = int((bits >> DROPPED_BITS) - BEFORE_FIRST)
        m[latencies.bins + max(which, 0)] += 1
        latencies.longest = max(latencies.longest, latency_ns)
    else:
        m[latencies.kept + latencies.count] = latency_ns
        latencies.count += 1


@inner
def _second_of(m: State, instant: int) -> int:
    """Return the row of an instant, as `metrics.seconds` has it."""
    return m.counts.seconds + instant // m.counts.second_ns * by_second.WIDTH


@inner
def _count_second(m: State, arrived_at: int, took: int) -> None:
    within = min(max(took, 1 << by_second.LEAST_BIT), by_second.LONGEST_NS)
    bits = np.float64(within).view(np.int64)
    which = int((bits >> by_second.DROPPED_BITS) - by_second.LEAST)
    m[_second_of(m, arrived_at) + 1 + which] += 1
