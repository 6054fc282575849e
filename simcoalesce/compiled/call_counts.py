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
        counts.open = drop_past(m, counts.ends, counts.open)
        sift_up(m, counts.ends, counts.open, completed)
        counts.open += 1
        counts.most_open = max(counts.most_open, counts.open)


@inner
def _slide(m: State, peak: SlidingPeak) -> None:
    """Count a call in the window that ends now."""
    m[peak.instants + (peak.came & peak.mask)] = m.now
    peak.came += 1
    while m[peak.instants + (peak.gone & peak.mask)] <= m.now - peak.window_ns:
        peak.gone += 1
    peak.most = max(peak.most, peak.came - peak.gone)
