"""The tally, as `metrics.tally` has it: requests are counted and their rows dropped."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.kernel import Numbers, entry, inner
from simcoalesce.metrics import seconds as by_second
from simcoalesce.metrics.tally import (
    BYPASSES,
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

_MISS, _HIT, _BYPASS = int(Lookup.MISS), int(Lookup.HIT), int(Lookup.BYPASS)
_LEADER, _FOLLOWER = int(Role.LEADER), int(Role.FOLLOWER)

# Columns of a row: the instant, then the answer.
_STATUS = 1
_LOOKUP = 1 + layout.LOOKUP - layout.STATUS
_ROLE = 1 + layout.ROLE - layout.STATUS
_GENERATED = 1 + layout.GENERATED - layout.STATUS

# Columns of a window, and how many there are.
_SIZE, _OPENED_AT, _OPENED, _WINDOW = range(4)


@entry
def finished(rows: Numbers, width: int, count: int) -> int:
    """Return how many rows have an answer before one has none.

    Args:
        rows: Instants first, shape (count, width).
        width: How wide a row is.
        count: How many rows to look at.
    """
    done = 0
    while done < count and rows[done * width] >= 0:
        done += 1
    return done


@entry
def count(  # noqa: PLR0913, PLR0917 - tables, and how long they are
    counts: Numbers,
    windows: Numbers,
    keys: int,
    arrivals: Numbers,
    rows: Numbers,
    waits: Numbers,
    ages: Numbers,
    seconds: Numbers,
    width_ns: int,
    many: int,
) -> int:
    """Count requests in order of arrival.

    Args:
        counts: The counts by the words of `metrics.tally`.
        windows: The open miss windows, shape (locations * keys, 3).
        keys: How many keys there are.
        arrivals: Keys, locations, isolates, instants and ids, shape (many, 5).
        rows: What metrics count of each, shape (many, 6).
        waits: Gets answers' latencies from the front, errors' from the back.
        ages: Gets how many answers a cache gave, then their ages.
        seconds: The rows of `metrics.seconds`.
        width_ns: How long each of them is.
        many: How many requests there are.

    Returns:
        How many of them have a usable answer.
    """
    answered, failed, aged = 0, many, 0
    for index in range(many):
        arrival, row = index * layout.ARRIVAL_WIDTH, index * layout.SHORT_ROW
        waited = rows[row] - arrivals[arrival + layout.ARRIVES_AT]
        second = arrivals[arrival + layout.ARRIVES_AT] // width_ns * by_second.WIDTH
        seconds[second + 1 + _bin(waited)] += 1
        if rows[row + _STATUS] < 400:
            waits[answered] = waited
            answered += 1
            ages[1 + aged] = rows[row] - rows[row + _GENERATED]
            aged += _is_served(rows[row + _LOOKUP])
        else:
            failed -= 1
            waits[failed] = waited
            seconds[second] += 1
        _count_lookup(counts, windows, keys, arrivals, arrival, rows[row + _LOOKUP])
        _count_role(counts, rows[row + _ROLE])
    counts[REQUESTS] += many
    counts[ERRORS] += many - answered
    ages[0] = aged
    return answered


@inner
def _is_served(lookup: int) -> bool:
    """Whether a cache had an answer."""
    return bool(_MISS < lookup < _BYPASS)


@inner
def _count_role(counts: Numbers, role: int) -> None:
    """Count who fetched, and who waited for a fetch."""
    counts[LEADERS] += role == _LEADER
    counts[FOLLOWERS] += role == _FOLLOWER


@inner
def _bin(latency_ns: int) -> int:
    """Return the bin of a latency, as `metrics.seconds` has it."""
    within = min(latency_ns, by_second.LONGEST_NS)
    octave, left = 0, within >> by_second.LEAST_BIT
    if left == 0:
        return 0
    for step in (16, 8, 4, 2, 1):
        if left >> step:
            left >>= step
            octave += step
    return 8 * octave + ((within >> (octave + by_second.LEAST_BIT - 3)) & 7)


@inner
def _count_lookup(
    counts: Numbers,
    windows: Numbers,
    keys: int,
    arrivals: Numbers,
    arrival: int,
    lookup: int,
) -> None:
    """Count what a request found, which opens or closes the window of its key."""
    if lookup == _BYPASS:
        counts[BYPASSES] += 1
        return
    location = arrivals[arrival + layout.ITS_LOCATION]
    window = (location * keys + arrivals[arrival + layout.ITS_KEY]) * _WINDOW
    instant = arrivals[arrival + layout.ARRIVES_AT]
    if lookup != _MISS:
        counts[HITS if lookup == _HIT else STALE] += 1
        if windows[window + _SIZE]:
            _close(counts, windows, window, instant)
        return
    if windows[window + _SIZE] == 0:
        windows[window + _OPENED_AT] = instant
        windows[window + _OPENED] = arrivals[arrival + layout.ITS_ID]
    windows[window + _SIZE] += 1


@inner
def _close(counts: Numbers, windows: Numbers, window: int, instant: int) -> None:
    """Close a window; note it if it is the largest so far."""
    size, opened_by = windows[window + _SIZE], windows[window + _OPENED]
    windows[window + _SIZE] = 0
    largest = counts[LARGEST_CLOSED]
    if size > largest or (size == largest and opened_by < counts[OPENED_BY]):
        counts[LARGEST_CLOSED], counts[OPENED_BY] = size, opened_by
        counts[WINDOW_NS] = instant - windows[window + _OPENED_AT]
