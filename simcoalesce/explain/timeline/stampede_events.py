"""Events of many misses: surges over all keys, and stampedes of one."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import numpy as np

from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.stampede_windows import StampedeWindow, clusters
from simcoalesce.explain.timeline.surges import Surge, surges
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes

T = TypeVar("T")

_MOST: Final = 8
_SMALLEST_RATIO: Final = 0.1
"""What is told is not much smaller than the largest of its kind."""
_SHARE_OF_MISSES_RATIO: Final = 0.05
"""Where many keys are missed, a stampede that is told is more of all misses."""
_FEWEST_OF_MANY: Final = 3


def surge_events(outcomes: Outcomes, path: Sequence[Layer]) -> Iterator[Event]:
    """Yield the largest surges, and how many others there are.

    Where all ask for one key, and a cache has it, stampedes say it.
    """
    is_cached = any(layer.looks_up for layer in path)
    found = [one for one in surges(outcomes) if not (is_cached and _is_of_one(one))]
    told, others = _largest(found, lambda one: one.number)
    for surge in told:
        yield Event(
            surge.first_at_ns,
            _kind(surge, is_cached=is_cached),
            surge.number,
            "origin_hits.called_at_s" if surge.is_of_calls else "requests.lookup",
            calls=surge.calls,
            refused=surge.refused,
            until_ns=surge.last_at_ns,
            requests=surge.requests,
            keys=surge.keys,
            served_before=surge.served_before,
            age_ns=surge.age_ns,
            in_flight=surge.in_flight,
        )
    if others:
        sizes = [one.number for one in others], [one.calls for one in others]
        yield _others(outcomes, "more_surges", *sizes)


def _is_of_one(surge: Surge) -> bool:
    return 2 * surge.most_of_one >= surge.number


def _kind(surge: Surge, *, is_cached: bool) -> str:
    if surge.is_of_calls:
        return "surge_of_calls"
    return "surge" if is_cached else "surge_of_requests"


def stampede_events(outcomes: Outcomes, path: Sequence[Layer]) -> Iterator[Event]:
    """Yield the largest stampedes, and how many others there are.

    Where many keys are missed, those that are a good part of the misses of their time:
    of the others surges tell.
    """
    if not any(layer.looks_up for layer in path):
        return
    found = clusters(outcomes)
    is_single = len(outcomes.keys) == len(outcomes.locations) == 1
    # With one key at one location the timeline begins with the first of them.
    later = [one for one in found[is_single:] if one.misses >= 2]
    stands_out = _standing_out(outcomes)
    told, _ = _largest([one for one in later if stands_out(one)], _misses)
    least = _SMALLEST_RATIO * max(map(_misses, found), default=0)
    told = [one for one in told if one.misses >= least]
    for window in told:
        yield Event(
            window.opened_at_ns,
            "stampede",
            window.misses,
            "requests.lookup",
            calls=window.calls,
            refused=window.refused,
            key=outcomes.keys[window.key],
            location=outcomes.locations[window.location],
            until_ns=window.last_at_ns,
        )
    others = [one for one in later if one not in told]
    if others:
        sizes = [one.misses for one in others], [one.calls for one in others]
        yield _others(outcomes, "more_stampedes", *sizes)


def _misses(window: StampedeWindow) -> int:
    return window.misses


def _standing_out(outcomes: Outcomes) -> Callable[[StampedeWindow], bool]:
    """Return what says whether a stampede is a good part of the misses meanwhile."""
    rows = outcomes.request_rows
    missed = np.flatnonzero(outcomes.missed)
    arrived_ns, has_many_keys = rows.arrived_at_ns[missed], len(outcomes.keys) > 1

    def stands_out(window: StampedeWindow) -> bool:
        first = np.searchsorted(arrived_ns, window.opened_at_ns)
        last = np.searchsorted(arrived_ns, window.last_at_ns, side="right")
        is_large = window.misses >= max(
            _SHARE_OF_MISSES_RATIO * len(missed), _FEWEST_OF_MANY
        )
        meanwhile = int(last - first)
        return not has_many_keys or (is_large and 10 * window.misses >= meanwhile)

    return stands_out


def _largest(found: list[T], size: Callable[[T], int]) -> tuple[list[T], list[T]]:
    """Return the largest, in their order, and all others."""
    ranked = sorted(range(len(found)), key=lambda at: -size(found[at]))
    least = _SMALLEST_RATIO * max(map(size, found), default=0)
    told = {at for at in ranked[:_MOST] if size(found[at]) >= least}
    others = [one for at, one in enumerate(found) if at not in told]
    return [found[at] for at in sorted(told)], others


def _others(
    outcomes: Outcomes, kind: str, sizes: Sequence[int], calls: Sequence[int]
) -> Event:
    """Return how many are not told, at the end of the traffic."""
    last_ns = int(outcomes.request_rows.arrived_at_ns[-1])
    evidence, most = "requests.lookup", max(sizes)
    return Event(last_ns, kind, len(sizes), evidence, calls=sum(calls), largest=most)
