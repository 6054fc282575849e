"""Counts of calls: what `metrics.calls` counts, call by call, without a log of them."""

from typing import Final

from simcoalesce.compiled.heap import drop_past, sift_up
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State
from simcoalesce.compiled.tally_records import SlidingPeak
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
    counts, mask = m.call_counts, m.call_counts.per_s.mask
    while counts.gone < counts.came and m[counts.ends + (counts.gone & mask)] <= m.now:
        counts.gone += 1
    counts.open_others = drop_past(m, counts.others, counts.open_others)
    if completed >= counts.last_end:
        m[counts.ends + (counts.came & mask)] = counts.last_end = completed
        counts.came += 1
    else:
        sift_up(m, counts.others, counts.open_others, completed)
        counts.open_others += 1
    open_now = counts.came - counts.gone + counts.open_others
    counts.most_open = max(counts.most_open, open_now)


@inner
def _slide(m: State, peak: SlidingPeak) -> None:
    """Count a call in the window that ends now."""
    m[peak.instants + (peak.came & peak.mask)] = m.now
    peak.came += 1
    while m[peak.instants + (peak.gone & peak.mask)] <= m.now - peak.window_ns:
        peak.gone += 1
    peak.most = max(peak.most, peak.came - peak.gone)
