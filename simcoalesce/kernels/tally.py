"""The tally, as `metrics.tally` has it: requests are counted and their rows dropped."""

from typing import Any

from simcoalesce.kernels.compiled import entry, inner
from simcoalesce.kernels.pointer import pointer_to
from simcoalesce.kernels.words import (
    ARRIVES_AT,
    ITS_ID,
    ITS_KEY,
    ITS_LOCATION,
    LOOKUP,
    ROLE,
    STATUS,
)
from simcoalesce.metrics.tally import (
    ERRORS,
    FOLLOWERS,
    HITS,
    LARGEST_CLOSED,
    LEADERS,
    OPENED_BY,
    REQUESTS,
    STALE,
    WINDOW_NS,
)
from simcoalesce.outcomes import Lookup, Role

_MISS, _HIT = int(Lookup.MISS), int(Lookup.HIT)
_LEADER, _FOLLOWER = int(Role.LEADER), int(Role.FOLLOWER)

# Columns of a row: the instant, then the answer.
_STATUS = 1
_LOOKUP = 1 + LOOKUP - STATUS
_ROLE = 1 + ROLE - STATUS

# Columns of a window, and how many there are.
_SIZE, _OPENED_AT, _OPENED, _WINDOW = range(4)


@entry
def finished(rows: Any, count: int) -> int:
    """Return how many of the first `count` rows have an answer before one has none."""
    done = 0
    while done < count and rows[done, 0] >= 0:
        done += 1
    return done


@entry
def count(tally: Any, arrivals: Any, rows: Any, waits: Any) -> int:
    """Count requests in order of arrival.

    Args:
        tally: The counts by the words of `metrics.tally`; the open miss windows, shape
            (locations * keys, 3); how many keys there are.
        arrivals: Keys, locations, isolates, instants and ids, shape (n, 5).
        rows: When each request was answered, its status, lookup and role, shape (n, 4).
        waits: Where their latencies go: answers from the front, errors from the back;
            shape (n,).

    Returns:
        How many of them have a usable answer.
    """
    counts, windows, keys = pointer_to(tally[0]), pointer_to(tally[1]), tally[2]
    answered, failed = 0, len(waits)
    for place in range(len(rows)):
        instant = arrivals[place, ARRIVES_AT]
        waited = rows[place, 0] - instant
        if rows[place, _STATUS] < 400:
            waits[answered] = waited
            answered += 1
        else:
            failed -= 1
            waits[failed] = waited
        window = _WINDOW * (
            arrivals[place, ITS_LOCATION] * keys + arrivals[place, ITS_KEY]
        )
        lookup, role = rows[place, _LOOKUP], rows[place, _ROLE]
        if lookup != _MISS:
            counts[HITS if lookup == _HIT else STALE] += 1
            if windows[window + _SIZE]:
                _close(counts, windows, window, instant)
        else:
            if windows[window + _SIZE] == 0:
                windows[window + _OPENED_AT] = instant
                windows[window + _OPENED] = arrivals[place, ITS_ID]
            windows[window + _SIZE] += 1
        counts[LEADERS] += role == _LEADER
        counts[FOLLOWERS] += role == _FOLLOWER
    counts[REQUESTS] += len(rows)
    counts[ERRORS] += len(rows) - answered
    return answered


@inner
def _close(counts: Any, windows: Any, window: int, instant: int) -> None:
    """Close a window; note it if it is the largest so far."""
    size, opened_by = windows[window + _SIZE], windows[window + _OPENED]
    windows[window + _SIZE] = 0
    largest = counts[LARGEST_CLOSED]
    if size > largest or (size == largest and opened_by < counts[OPENED_BY]):
        counts[LARGEST_CLOSED], counts[OPENED_BY] = size, opened_by
        counts[WINDOW_NS] = instant - windows[window + _OPENED_AT]
