"""Backlog: how many requests are under way at one instant, whatever they wait for."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from simcoalesce.explain.timeline.event import Event, row_event
from simcoalesce.outcomes import Outcomes

_FEWEST: Final = 30
_LEAST_RATIO: Final = 0.005
"""A backlog is no fewer requests, and no smaller share of all of them."""
_FACTOR: Final = 3
"""And so many times as large as for a quarter of the time."""
_SAMPLES: Final = 100


def backlog_events(outcomes: Outcomes, told: Sequence[Event]) -> Iterator[Event]:
    """Yield the most requests that are under way, unless another event tells of them.

    So a layer that lets requests queue is seen, even if it says nothing of itself.

    Args:
        outcomes: One run.
        told: What the story tells already.
    """
    rows = outcomes.request_rows
    arrived_ns, done_ns = rows.arrived_at_ns, np.sort(rows.completed_at_ns)
    under_way = np.arange(1, len(arrived_ns) + 1)
    under_way -= np.searchsorted(done_ns, arrived_ns, side="right")
    row = int(np.argmax(under_way))
    most, at_ns = int(under_way[row]), int(arrived_ns[row])
    samples_ns = np.linspace(arrived_ns[0], arrived_ns[-1], _SAMPLES)
    usual = np.searchsorted(arrived_ns, samples_ns, side="right")
    usual -= np.searchsorted(done_ns, samples_ns, side="right")
    quarter = float(np.partition(usual, _SAMPLES // 4)[_SAMPLES // 4])
    # Three standard deviations of a Poisson count, and what few samples may hide.
    usually = quarter + 3 * quarter**0.5 + 3
    if most < max(_FEWEST, _LEAST_RATIO * len(arrived_ns), _FACTOR * usually):
        return
    is_under_way = (arrived_ns <= at_ns) & (rows.completed_at_ns > at_ns)
    since_ns = int(arrived_ns[is_under_way].min(initial=at_ns))
    if any(
        one.at_ns <= at_ns and since_ns <= one.until_ns for one in told if _says_it(one)
    ):
        return
    if any(_is_first_stampede(one, at_ns) for one in told):
        return
    evidence = "requests.completed_at_s"
    yield row_event(rows, row, arrived_ns, "backlog", most, evidence)


def _says_it(event: Event) -> bool:
    """Return whether an event tells of many requests that are under way together."""
    return "stampede" in event.kind or "surge" in event.kind or event.longest_ns > 0


def _is_first_stampede(event: Event, at_ns: int) -> bool:
    """Return whether an instant is that of the misses before the first cache hit."""
    return event.kind == "first_hit" and event.number > 1 and at_ns <= event.at_ns
