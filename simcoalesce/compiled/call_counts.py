"""Counts of calls: what `metrics.calls` counts, call by call, without a log of them."""

from typing import Final

from simcoalesce.compiled.heap import drop_past, sift_up
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State
from simcoalesce.compiled.tally_records import CallQueue, SlidingPeak
from simcoalesce.outcomes import NEVER

_REFUSED: Final = 429
_FIRST_ERROR: Final = 400


@inner
def count_call(m: State, status: int, completed: int) -> None:
    """Count a call that comes now."""
    counts = m.call_counts
    counts.count += 1
    if status == _REFUSED:
        counts.rejected += 1
        if counts.first_rejected == NEVER:
            counts.first_rejected = m.now
    elif status >= _FIRST_ERROR:
        counts.failed += 1
    _slide(m, counts.per_s)
    if counts.per_window.window_ns:
        _slide(m, counts.per_window)
    # A call that ends when it begins is never open beside another.
    if completed > m.now:
        _open(m, completed)


@inner
def _open(m: State, completed: int) -> None:
    """Note a call that is open until an instant."""
    counts = m.call_counts
    _let_leave(m, counts.ends, m.now)
    counts.open_others = drop_past(m, counts.others, counts.open_others)
    if completed >= counts.last_end:
        counts.last_end = completed
        _join(m, counts.ends, completed)
    else:
        sift_up(m, counts.others, counts.open_others, completed)
        counts.open_others += 1
    is_open = counts.ends.came - counts.ends.gone + counts.open_others
    counts.most_open = max(counts.most_open, is_open)


@inner
def _slide(m: State, peak: SlidingPeak) -> None:
    """Count a call in the window that ends now."""
    _join(m, peak.calls, m.now)
    _let_leave(m, peak.calls, m.now - peak.window_ns)
    peak.most = max(peak.most, peak.calls.came - peak.calls.gone)


@inner
def _join(m: State, queue: CallQueue, instant: int) -> None:
    m[queue.instants + (queue.came & m.call_counts.mask)] = instant
    queue.came += 1


@inner
def _let_leave(m: State, queue: CallQueue, instant: int) -> None:
    """Let those leave that are not after an instant."""
    mask = m.call_counts.mask
    while (
        queue.gone < queue.came and m[queue.instants + (queue.gone & mask)] <= instant
    ):
        queue.gone += 1
