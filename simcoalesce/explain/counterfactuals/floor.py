"""The floor: the calls that even a perfect cache would leave, against the limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.model.rate_limit import RunningLimit
from simcoalesce.outcomes import NEVER, Lookup, Outcomes, chosen
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class Floor:
    """What a perfect cache would leave of the calls of one run.

    Attributes:
        calls: How many calls are left.
        taken: How many of them the origin's rate limits admit.
        limit: These limits in words; empty if there are none.
        fresh_for_ns: How long an answer may be used; NEVER if for the whole run.
    """

    calls: int
    taken: int
    limit: str
    fresh_for_ns: int

    @property
    def refused(self) -> int:
        """How many of the calls the limits refuse all the same."""
        return self.calls - self.taken


def floor_of(scenario: Scenario, outcomes: Outcomes) -> Floor:
    """Return what a perfect cache would leave of the calls of a run.

    It is shared by all, is filled at once, and keeps an answer for as long as the most
    patient store of the path does: each key is fetched when it is first asked for, and
    when it is asked for again later than that. Answers that may not be stored are
    fetched for each request, and so is what bypasses every cache.
    """
    fresh_for_ns = _fresh_for_ns(scenario)
    at_ns, key = _calls(scenario, outcomes, fresh_for_ns)
    limits = [RunningLimit(one, outcomes.keys) for one in scenario.path[-1].rate_limits]
    taken = 0
    for instant, number in zip(at_ns.tolist(), key.tolist(), strict=True):
        counting = [one.of(number) for one in limits]
        if not any(one.wait_ns(instant) for one in counting):
            taken += 1
            for one in counting:
                one.take(instant, instant)
    return Floor(len(at_ns), taken, _limit_text(scenario), fresh_for_ns)


def _fresh_for_ns(scenario: Scenario) -> int:
    """Return how long the store that keeps answers longest does; NEVER without any."""
    stores = (layer for layer in scenario.path if layer.stores)
    return max((getattr(layer, "ttl_ns", 0) for layer in stores), default=0) or NEVER


def _calls(
    scenario: Scenario, outcomes: Outcomes, fresh_for_ns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when which key is fetched, in order of time."""
    rows = outcomes.request_rows
    if not scenario.path[-1].is_cacheable:
        return rows.arrived_at_ns, rows.key
    is_bypass = rows.lookup == int(Lookup.BYPASS)
    always = zip(*(rows.arrived_at_ns[is_bypass], rows.key[is_bypass]), strict=True)
    rows = chosen(rows, ~is_bypass)
    order = np.lexsort((rows.arrived_at_ns, rows.key))
    keys, starts = np.unique(rows.key[order], return_index=True)
    ends = pairwise([*starts.tolist(), len(order)])
    fetched = [
        (at_ns, key)
        for key, (start, end) in zip(keys.tolist(), ends, strict=True)
        for at_ns in _fetches(rows.arrived_at_ns[order[start:end]], fresh_for_ns)
    ]
    times = np.array(sorted([*fetched, *always]), dtype=np.int64).reshape(-1, 2)
    return times[:, 0], times[:, 1]


def _fetches(asked_at_ns: NDArray[np.int64], fresh_for_ns: int) -> Iterator[int]:
    """Yield when a key is fetched that is asked for at some instants."""
    place = 0
    while place < len(asked_at_ns):
        yield (at_ns := int(asked_at_ns[place]))
        if fresh_for_ns == NEVER:
            return
        place = int(np.searchsorted(asked_at_ns, at_ns + fresh_for_ns))


def _limit_text(scenario: Scenario) -> str:
    try:
        return ScenarioEdit(scenario).limit_text()
    except DoesNotApply:
        return ""
