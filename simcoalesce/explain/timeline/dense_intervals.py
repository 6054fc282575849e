"""Dense intervals: where instants are denser than they usually are."""

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Interval: TypeAlias = tuple[int, int]
"""The first and the last of some instants, by index; both belong to it."""

FEWEST: Final = 10
"""An interval has so many instants more than three times the usual rate gives it."""
_LEAST_RATIO: Final = 0.005
"""And so many of all: where that rate is now and then reached, chance makes clumps."""
FACTOR: Final = 3
"""An interval is so many times as dense as what is usual, and as all the rest.

With Poisson arrivals the excess over three times their rate reaches 10 with
probability exp(-19) at each of them: even traffic has no dense interval."""

_WINDOWS: Final = 100
_QUARTER: Final = _WINDOWS // 4
_MOST_GROUPS: Final = 5_000


def dense_intervals(
    at_ns: NDArray[np.int64], span_ns: tuple[int, int]
) -> tuple[Interval, ...]:
    """Return the intervals in which instants are much denser than usual.

    For a quarter of the time the rate is no higher than the usual one; what is above
    three times that rate are the maximal scoring intervals, where each instant scores
    1 and time costs the rate. One that is mostly silence is divided.

    Args:
        at_ns: Instants in ascending order, shape (n,).
        span_ns: When the time begins that counts, and when it ends.

    Source:
        Ruzzo and Tompa, "A linear time algorithm for finding all maximal scoring
        subsequences", ISMB 1999.
    """
    begin_ns, end_ns = span_ns
    if len(at_ns) < FEWEST or end_ns <= begin_ns:
        return ()
    per_ns = FACTOR * _usual_per_ns(at_ns, span_ns)
    whole = (0, len(at_ns) - 1)
    found = [
        part for one in _maximal(at_ns, whole, per_ns) for part in _divided(at_ns, one)
    ]
    lengths_ns = [int(at_ns[last] - at_ns[first]) for first, last in found]
    counts = [last - first + 1 for first, last in found]
    # What is left may be as dense as that, e.g. where traffic grows slowly.
    rest_ns = max(end_ns - begin_ns - sum(lengths_ns), 1)
    rest_per_ns = (len(at_ns) - sum(counts)) / rest_ns
    return tuple(
        one
        for one, number, length_ns in zip(found, counts, lengths_ns, strict=True)
        if number >= FACTOR * rest_per_ns * length_ns
    )


def _usual_per_ns(at_ns: NDArray[np.int64], span_ns: tuple[int, int]) -> float:
    """Return a rate that is not exceeded for a quarter of the time, as far as seen."""
    edges = np.linspace(*span_ns, _WINDOWS + 1)
    in_windows, _ = np.histogram(at_ns, edges)
    quarter = float(np.partition(in_windows, _QUARTER)[_QUARTER])
    # Three standard deviations of a Poisson count, and what none may hide.
    upper = quarter + 3 * quarter**0.5 + 3
    return float(upper * _WINDOWS / (span_ns[1] - span_ns[0]))


def _divided(at_ns: NDArray[np.int64], interval: Interval) -> Iterator[Interval]:
    """Yield an interval, or its parts if they have most of it in half of its time."""
    first, last = interval
    number, length_ns = last - first + 1, int(at_ns[last] - at_ns[first])
    parts = _maximal(at_ns, interval, 2 * number / length_ns) if length_ns else []
    many = sum(end - begin + 1 for begin, end in parts)
    long_ns = sum(int(at_ns[end] - at_ns[begin]) for begin, end in parts)
    if 10 * many < 8 * number or 2 * long_ns > length_ns:
        yield interval
        return
    for part in parts:
        yield from _divided(at_ns, part)


def _maximal(
    at_ns: NDArray[np.int64], interval: Interval, per_ns: float
) -> list[Interval]:
    """Return the maximal scoring intervals within one that score enough.

    Of very many instants some in a row are taken together.
    """
    first, last = interval
    size = -(-(last - first + 1) // _MOST_GROUPS)
    begins = np.arange(first, last + 1, size)
    ends = np.minimum(begins + size - 1, last)
    scores = ends - begins + 1 - per_ns * (at_ns[ends] - at_ns[begins])
    costs = per_ns * (at_ns[begins[1:]] - at_ns[ends[:-1]])
    steps = np.zeros(2 * len(begins) - 1)
    steps[::2], steps[1::2] = scores, -costs
    return [
        (int(begins[left // 2]), int(ends[right // 2]))
        for left, right, score in _subsequences(steps.tolist())
        if score >= max(FEWEST, _LEAST_RATIO * len(at_ns))
    ]


def _subsequences(scores: list[float]) -> list[tuple[int, int, float]]:
    """Return the maximal scoring subsequences: first, last, and what they score."""
    found: list[tuple[int, int, float, float]] = []
    total = 0.0
    for index, score in enumerate(scores):
        before, total = total, total + score
        if score <= 0:
            continue
        one = (index, index, before, total)
        while found:
            left = next((at for at in _earlier(found, one[2])), None)
            if left is None or found[left][3] >= one[3]:
                break
            one = (found[left][0], one[1], found[left][2], one[3])
            del found[left:]
        found.append(one)
    return [(first, last, high - low) for first, last, low, high in found]


def _earlier(found: list[tuple[int, int, float, float]], below: float) -> Iterator[int]:
    """Yield, from the last on, the subsequences that begin at a lower total."""
    for at in range(len(found) - 1, -1, -1):
        if found[at][2] < below:
            yield at
