"""Reasons: why a closed form may be off, from its runs and from what layers say."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from simcoalesce.explain.closed_form.first_window import FirstWindow, mean_of
from simcoalesce.explain.closed_form.first_windows import FirstWindows
from simcoalesce.explain.closed_form.miss_window import MissWindow
from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_RATIO: Final = 0.1
"""What differs by less needs no reason."""

_ABSENCE: Final = "a location caches the absence of the value (negative caching)"
_DISPLACED: Final = (
    "an answer that comes takes away the complete one that is stored, until its own"
    " body is there"
)
_KEPT: Final = "a request that finds the value in memory does not call"
_BATCHED: Final = "a batch makes one call for several misses, of other keys too"


class Reason(NamedTuple):
    """Why a closed form may be off: a kind for documents, and a part of a sentence."""

    kind: str
    text: str


def reasons(
    scenario: Scenario,
    miss_window: MissWindow,
    windows: FirstWindows,
    *,
    misses: float,
    predicted: float,
    is_off: bool,
) -> tuple[Reason, ...]:
    """Return why a closed form may be off here; at least one reason if it is.

    Args:
        scenario: The scenario.
        miss_window: Its miss window.
        windows: What was simulated.
        misses: How many misses are predicted.
        predicted: How many calls are predicted.
        is_off: Whether the runs do not show that it agrees.
    """
    mean = mean_of(windows.firsts)
    found = [*_of_runs(mean), *_of_answers(mean, miss_window)]
    if mean.requests <= misses and miss_window.coalescing is None:
        text = "the burst ends before the miss window: every request misses"
        found.append(Reason("saturated", text))
    if is_off:
        found += _of_path(scenario, is_more=mean.calls > predicted)
        found += _of_changes(scenario, windows, mean)
        found += _of_counts(mean, miss_window, misses, predicted)
        found = found or [_counted(mean, windows.firsts)]
    return tuple(dict.fromkeys(found))


def _of_runs(mean: FirstWindow) -> Iterator[Reason]:
    """Yield what happened to requests and calls of the window."""
    if mean.refused:
        yield Reason(
            "refused",
            "the origin refuses some of these calls, so fewer of them are stored",
        )
    if mean.failed:
        yield Reason("failed", "some of these calls fail, and an error is not stored")
    if mean.stopped:
        yield Reason(
            "stopped",
            "a layer before the origin answers some of these requests with an error",
        )
    if mean.given_up:
        yield Reason("given_up", "some requests give up before their answer comes")


def _of_answers(mean: FirstWindow, miss_window: MissWindow) -> Iterator[Reason]:
    """Yield whether the first answer comes when the settings say."""
    if mean.answered_s is None or miss_window.coalescing is not None:
        return
    if mean.answered_s < (1 - _RATIO) * miss_window.origin_s:
        yield Reason(
            "fastest",
            "of many answers the fastest comes early, and it ends the miss window",
        )
    elif mean.answered_s > (1 + _RATIO) * miss_window.origin_s:
        yield Reason("late", "even the first answer comes later than the settings say")


def _of_path(scenario: Scenario, *, is_more: bool) -> Iterator[Reason]:
    """Yield why the path may make more calls than are predicted, or fewer."""
    path = scenario.path
    for layer in path:
        yield from _of_layer(layer, is_more=is_more)
    if not scenario.worker.keeps_isolates:
        yield Reason("cold", "isolates start cold, or are evicted with what they share")
    if len(scenario.traffic.locations) < 2:
        return
    if any(one.store and one.scope is not Scope.EVERYWHERE for one in path):
        yield Reason(
            "elsewhere",
            "several locations write to one KV: it shows a value elsewhere later, and"
            " refuses writes to a key that was just written",
        )
    if any(one.found_at == "all" for one in path):
        yield Reason(
            "everywhere",
            "all locations share one store: what one of them sets ends the misses of"
            " all",
        )


def _of_layer(layer: Layer, *, is_more: bool) -> Iterator[Reason]:
    noun, said = layer.noun, layer.more_calls if is_more else layer.fewer_calls
    repeats = layer.asks_again or layer.calls_together
    is_so = {
        (layer.served_by, said): bool(said),
        ("queued", f"{noun} takes one request at a time"): layer.serializes,
        ("negative_caching", _ABSENCE): layer.keeps_absence,
        ("shared", f"several locations share {noun}"): layer.found_at == "several",
        ("retried", f"{noun} makes further calls for one request"): is_more and repeats,
        ("displaced", _DISPLACED): layer.displaces,
        ("kept", _KEPT): not is_more and layer.looks_up and not layer.scope.is_shared,
        ("batched", _BATCHED): not is_more and layer.joins_keys,
    }
    return (Reason(*one) for one, is_true in is_so.items() if is_true)


def _of_changes(
    scenario: Scenario, windows: FirstWindows, mean: FirstWindow
) -> Iterator[Reason]:
    """Yield what is changed while the windows are open."""
    begin_s = min(first.opened_s for first in windows.firsts)
    end_s = max(first.opened_s for first in windows.firsts)
    end_s += max(windows.window_s, mean.lasts_s or 0.0)
    for change in scenario.changes:
        if begin_s <= change.at_ns / NS_PER_S <= end_s:
            yield Reason("changed", f"a {change.kind} falls into the miss window")
    if any(phase.needs_answers for phase in scenario.traffic.arrivals):
        yield Reason(
            "closed_loop",
            "clients wait for answers before they ask again, so fewer come meanwhile",
        )


def _of_counts(
    mean: FirstWindow, miss_window: MissWindow, misses: float, predicted: float
) -> Iterator[Reason]:
    """Yield what differs: how long requests miss, or how many of them call."""
    lasts_s, window_s = mean.lasts_s, miss_window.window_s
    if lasts_s is not None and _differ(lasts_s, window_s + window_s / misses):
        word = "longer" if lasts_s > window_s else "shorter"
        text = f"the first cache hit comes after {1_000 * lasts_s:,.0f} ms on average"
        yield Reason("lasts", f"the miss window is {word}: {text}")
    elif _differ(mean.misses, misses):
        text = f"{_count(mean.misses)} requests miss on average, not {_count(misses)}"
        yield Reason("misses", text)
    per_miss = mean.calls / mean.misses if mean.misses else 0.0
    if miss_window.coalescing is None and _differ(per_miss, predicted / misses):
        yield Reason("calls_each", f"{_calls_of_misses(mean)} on average")


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > _RATIO * max(abs(other), abs(one))


def _counted(mean: FirstWindow, firsts: Sequence[FirstWindow]) -> Reason:
    """Return what was counted, which is always true."""
    fewest, most = (f(first.calls for first in firsts) for f in (min, max))
    if fewest == most:
        return Reason("counted", _calls_of_misses(mean))
    return Reason("spread", f"one run makes {_count(fewest)}, another {_count(most)}")


def _calls_of_misses(mean: FirstWindow) -> str:
    return f"{_count(mean.misses)} misses make {_count(mean.calls)} calls"


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
