"""The arrival rate that a miss window sees: as long as arrivals go on as in it."""

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.explain.closed_form.first_window import FirstBurst
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.units import NS_PER_S

_MOST_WINDOWS: Final = 1_000
_DENSE: Final = 8.0
"""Arrivals in a window of which hardly any gap is as long as it."""
_ODD: Final = 2.5
"""Standard deviations of a Poisson count beyond which the rate has changed."""
_OFF_RATIO: Final = 0.05
"""By how much the rate may be off in the window itself."""


def rate_in_window(bursts: Sequence[FirstBurst], window_s: float) -> float:
    """Return the mean rate of arrivals in a window, per second.

    It is measured as long as arrivals come as densely as in the window: over the whole
    burst, or over as many times of its length as there are, or in the window alone.

    Args:
        bursts: The requests of several runs, from the first, which opens the window.
        window_s: How long it should last.
    """
    counted_s = window_s * len(bursts)
    mean_per_s = sum(len(one.at_ns) - 1 for one in bursts) / sum(
        one.span_ns / NS_PER_S for one in bursts
    )
    counts = _counts([one.arrivals_s for one in bursts], window_s)
    within = _counts([one.arrivals_s[: len(one.at_ns)] for one in bursts], window_s)
    if not len(within):
        return mean_per_s
    expected = mean_per_s * counted_s
    off = np.abs(within - expected) > _ODD * sqrt(max(expected, 1))
    # Where gaps are as long as a window by chance, a silence ends no burst.
    is_dense = mean_per_s * window_s >= _DENSE
    if is_dense and not off.any() and _is_near(int(within[0]), expected):
        return mean_per_s
    alike = 1
    while alike < len(counts) and _goes_on(counts[: alike + 1]):
        alike += 1
    return float(counts[:alike].sum() / (alike * counted_s))


def _counts(
    arrivals_s: Sequence[NDArray[np.float64]], window_s: float
) -> NDArray[np.int64]:
    """Return how many come in each time of a length, of all runs, but for the first."""
    lasts_s = min(float(one[-1]) for one in arrivals_s)
    edges = np.arange(min(int(lasts_s / window_s), _MOST_WINDOWS) + 1) * window_s
    if len(edges) < 2:
        return np.empty(0, dtype=np.int64)
    found = [np.histogram(one[1:], edges)[0] for one in arrivals_s]
    counts: NDArray[np.int64] = np.sum(found, axis=0)
    return counts


def _goes_on(counts: NDArray[np.int64]) -> bool:
    """Say whether the last of several counts is as the ones before it."""
    before = float(counts[:-1].mean())
    is_alike = abs(int(counts[-1]) - before) <= _ODD * sqrt(max(before, 1))
    return is_alike and _is_near(int(counts[0]), float(counts.mean()))


def _is_near(count: int, expected: float) -> bool:
    off = abs(count - expected)
    return off <= min(sqrt(expected), _OFF_RATIO * expected)


def denser(
    scenario: Scenario, factor: float, *, seed: int, begin_s: float, window_s: float
) -> tuple[Arrival, ...] | None:
    """Return the phases, those that a window sees with so many times the requests.

    Args:
        scenario: The scenario.
        factor: How many times.
        seed: Of a run.
        begin_s: When its window opens.
        window_s: How long it lasts.

    Returns:
        The phases; None if one that it sees cannot be made denser, or it sees none.
    """
    phases = list(scenario.traffic.arrivals)
    seen = [*_seen(scenario, seed, begin_s, begin_s + window_s)]
    for number in seen:
        scaled = phases[number].denser(factor)
        if scaled is None:
            return None
        phases[number] = scaled
    return tuple(phases) if seen else None


def _seen(scenario: Scenario, seed: int, begin_s: float, end_s: float) -> Iterator[int]:
    """Yield the numbers of the phases that bring requests within a time."""
    traffic, keys = scenario.traffic, scenario.traffic.key_names()
    begin_ns, end_ns = (round(at_s * NS_PER_S) for at_s in (begin_s, end_s))
    for number, phase in enumerate(traffic.arrivals):
        if phase.at_ns >= end_ns:
            continue
        streams = PhaseStreams(seed, number, keys, tuple(traffic.locations))
        if phase.is_closed or _comes(phase, streams, begin_ns, end_ns):
            yield number


def _comes(phase: Arrival, streams: PhaseStreams, begin_ns: int, end_ns: int) -> bool:
    for block in phase.generate(streams, end_ns - phase.at_ns).instants:
        at_ns = block + phase.at_ns
        inside = np.count_nonzero((at_ns >= begin_ns) & (at_ns < end_ns))
        if inside or (len(at_ns) and at_ns[-1] >= end_ns):
            return bool(inside)
    return False
