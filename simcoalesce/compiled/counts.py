"""Counts of a run: what `metrics.tally` counts of requests, in order of arrival.

A ring holds the requests that are under way. Each is counted when it and all before it
have their answers.
"""

from typing import Final

import numpy as np

from simcoalesce.compiled.coming import arrives_at, key_at, location_at
from simcoalesce.compiled.kernel import Numbers, inner
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
def answer(m: State, rows: Numbers, task: Task) -> None:
    """Note the answer of a request; count it if all before it are counted."""
    pending = pending_of(m, task.to)
    given = task.answer
    pending.answered_at, pending.status = m.now, given.status
    pending.lookup, pending.role = given.lookup, given.role
    pending.generated = given.generated
    if task.isolate < 0:
        pending.lookup, pending.role = _BYPASS, 0
    if task.to == m.counted:
        _count_answered(m, rows)


@inner
def _count_answered(m: State, rows: Numbers) -> None:
    while m.counted < m.shown:
        pending = pending_of(m, m.counted)
        if pending.answered_at == NEVER:
            return
        _count(m, rows, pending)
        m.counted += 1


@inner
def count_hits(
    m: State, rows: Numbers, first: int, count: int, took: int, generated: int
) -> None:
    """Count some hits of a key when they arrive, if all before them are counted.

    Args:
        m: The state.
        rows: Where latencies are kept.
        first: The first of them, among those that the loop was handed.
        count: How many they are.
        took: How long each of them takes.
        generated: When what they get was generated.
    """
    counts = m.counts
    counts.requests += count
    counts.hits += count
    _count_seconds(m, first, count, took)
    _add_same(m, rows, counts.answered, took, count)
    ages = counts.ages
    if ages.bins:
        for index in range(first, first + count):
            _add(m, rows, ages, arrives_at(m, index) + took - generated)
    else:
        kept = ages.kept + ages.count - first
        for index in range(first, first + count):
            rows[kept + index] = arrives_at(m, index) + took - generated
        ages.count += count
    group = location_at(m, first) * m.keys + key_at(m, first)
    window = OpenWindow(m, counts.windows + group * OpenWindow.width)
    if window.size:
        _close(m, window, arrives_at(m, first))


@inner
def _count(m: State, rows: Numbers, pending: Pending) -> None:
    """Count a request that has its answer."""
    counts = m.counts
    took = pending.answered_at - pending.arrived_at
    counts.requests += 1
    counts.leaders += pending.role == _LEADER
    counts.followers += pending.role == _FOLLOWER
    second = _second_of(m, pending.arrived_at)
    m[second + _by_latency(took)] += 1
    if pending.status < _FIRST_ERROR:
        _add(m, rows, counts.answered, took)
        if _MISS < pending.lookup < _BYPASS:
            _add(m, rows, counts.ages, pending.answered_at - pending.generated)
    else:
        counts.errors += 1
        m[second] += 1
        _add(m, rows, counts.failed, took)
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
def _add(m: State, rows: Numbers, latencies: Latencies, latency_ns: int) -> None:
    """Add a latency."""
    _add_same(m, rows, latencies, latency_ns, 1)


@inner
def _add_same(
    m: State, rows: Numbers, latencies: Latencies, latency_ns: int, count: int
) -> None:
    """Add a latency so many times: one by one, or to its bin."""
    if latencies.bins:
        bits = np.float64(latency_ns).view(np.int64)
        which = int((bits >> DROPPED_BITS) - BEFORE_FIRST)
        m[latencies.bins + max(which, 0)] += count
        latencies.longest = max(latencies.longest, latency_ns)
    else:
        kept = latencies.kept + latencies.count
        for index in range(kept, kept + count):
            rows[index] = latency_ns
        latencies.count += count


@inner
def _second_of(m: State, instant: int) -> int:
    """Return the row of an instant, as `metrics.seconds` has it; they come in order."""
    counts = m.counts
    if instant >= counts.second_ends:
        second = instant // counts.second_ns
        counts.second = counts.seconds + second * by_second.WIDTH
        counts.second_ends = (second + 1) * counts.second_ns
    return counts.second


@inner
def _by_latency(took: int) -> int:
    """Return the column of a latency in the row of its second."""
    within = min(max(took, 1 << by_second.LEAST_BIT), by_second.LONGEST_NS)
    bits = np.float64(within).view(np.int64)
    return 1 + int((bits >> by_second.DROPPED_BITS) - by_second.LEAST)


@inner
def _count_seconds(m: State, first: int, count: int, took: int) -> None:
    """Count requests that take equally long, among those that the loop was handed."""
    done, last = first, first + count
    while done < last:
        second, begin = _second_of(m, arrives_at(m, done)), done
        while done < last and arrives_at(m, done) < m.counts.second_ends:
            done += 1
        m[second + _by_latency(took)] += done - begin
