"""The closed form: origin calls are the arrival rate times the miss window."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.explain.closed_form.first_window import FirstWindow, mean_of
from simcoalesce.explain.closed_form.first_windows import FirstWindows
from simcoalesce.explain.closed_form.miss_window import (
    Coalescing,
    MissWindow,
    miss_window_of,
    total_s,
)
from simcoalesce.explain.closed_form.reasons import Reason, reasons
from simcoalesce.explain.closed_form.window_rate import denser
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.model.layer import Wait
from simcoalesce.plain import plain_fields
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_SEEDS: Final = 10
_MOST_SEEDS: Final = 40
_SEEDS_ELSEWHERE: Final = 5
"""At each of the other rates of the table."""
_TOLERANCE_RATIO: Final = 0.1
_NARROW_RATIO: Final = 0.25
"""An interval that is as wide as this share of the prediction decides nothing."""
_EXPONENTS: Final = (-3, -2, -1, 0, 1)

Agreement = Literal["agrees", "undecided", "does not agree"]


class ClosedFormPoint(NamedTuple):
    """The closed form at one arrival rate."""

    rate_per_s: float
    predicted: float
    simulated: float
    agreement: Agreement


@dataclass(frozen=True)
class ClosedForm:
    """Calls of the first stampede, predicted from the settings and simulated.

    Of many keys it is the stampede of the one that is asked for most.

    Attributes:
        rate_per_s: Of arrivals in the miss window, mean over the seeds.
        parts: Of the miss window, by the settings.
        coalescing: Where misses share fetches; None if each makes its own.
        calls_each: How many calls a miss makes, or a fetch that is shared.
        misses: 1 + rate x window, and no more than the burst brings.
        predicted: Calls: of all misses, or of the fetches that they share.
        bypasses: Requests of the burst that ask no cache: a call each, besides.
        fastest_s: When the first of many answers came, after the first call, on
            average; None if none came.
        corrected: As predicted, with that for the latency of the origin.
        simulated: Origin calls of the first stampede, over the seeds.
        reasons: Why it may be off here; never empty if it does not agree.
        range: The same at other rates: of the phases of traffic that the window sees.
    """

    rate_per_s: float
    parts: tuple[Wait, ...] = field(repr=False)
    coalescing: Coalescing | None
    calls_each: int
    misses: float
    predicted: float
    bypasses: float
    fastest_s: float | None
    corrected: float
    simulated: Estimate
    reasons: tuple[Reason, ...]
    range: tuple[ClosedFormPoint, ...]

    @property
    def window_s(self) -> float:
        """How long the miss window is by the settings."""
        return total_s(self.parts)

    @property
    def agreement(self) -> Agreement:
        """Whether prediction and runs agree; see `agreement_of`."""
        return agreement_of(self.predicted, self.simulated)

    @property
    def agrees(self) -> bool:
        """Whether they do, and the runs show it."""
        return self.agreement == "agrees"

    @property
    def holds_up_to_per_s(self) -> float | None:
        """The highest rate that was tried up to which nothing contradicts it."""
        agreed = None
        for point in self.range:
            if point.agreement == "does not agree":
                break
            agreed = point.rate_per_s
        return agreed

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "formula": "1 + rate * miss window, at most the burst",
            "miss_window_s": self.window_s,
            "miss_window": [
                {"name": part.name, "length_s": part.length_s} for part in self.parts
            ],
            **plain_fields(self),
            "agreement": self.agreement,
            "agrees": self.agrees,
        }


def agreement_of(predicted: float, simulated: Estimate) -> Agreement:
    """Return whether a prediction agrees with a mean of runs.

    It does if it is within a tenth of the mean or within its 95 % interval, and that is
    narrower than a quarter of the prediction. A wider interval that holds the
    prediction, or a mean near it, decides nothing.
    """
    low, high, mean = simulated.low, simulated.high, simulated.mean
    if mean is None or low is None or high is None:
        return "undecided"
    if not (low <= predicted <= high or _is_near(predicted, mean)):
        return "does not agree"
    is_narrow = high - low < _NARROW_RATIO * predicted
    return "agrees" if is_narrow else "undecided"


def _is_near(predicted: float, simulated: float) -> bool:
    return abs(predicted - simulated) <= _TOLERANCE_RATIO * simulated


def closed_form(scenario: Scenario, *, seed: int) -> ClosedForm | None:
    """Return the closed form for the first stampede of a scenario.

    Returns:
        It; None if the path has no cache that ends a stampede, nothing misses, or the
        first miss is alone in most runs.
    """
    miss_window = miss_window_of(scenario)
    if miss_window is None:
        return None
    windows = FirstWindows(scenario, miss_window.window_s, seed)
    windows.add(_SEEDS)
    if len(windows.firsts) <= _SEEDS // 2:
        return None
    _add_until_decided(windows, miss_window)
    mean = mean_of(windows.firsts)
    misses, predicted = _prediction(mean, windows.rate_per_s, miss_window)
    faster = _prediction(mean, windows.rate_per_s, _as_fast(miss_window, mean))
    simulated = _simulated(windows)
    return ClosedForm(
        rate_per_s=windows.rate_per_s,
        parts=miss_window.parts,
        coalescing=miss_window.coalescing,
        calls_each=miss_window.calls_each,
        misses=misses,
        predicted=predicted,
        bypasses=mean.bypasses,
        fastest_s=mean.answered_s,
        corrected=faster[1],
        simulated=simulated,
        reasons=reasons(
            scenario,
            miss_window,
            windows,
            misses=misses,
            predicted=predicted,
            is_off=agreement_of(predicted, simulated) != "agrees",
        ),
        range=tuple(_range(windows, miss_window)),
    )


def _add_until_decided(windows: FirstWindows, miss_window: MissWindow) -> None:
    while windows.seeds < _MOST_SEEDS:
        mean = mean_of(windows.firsts)
        predicted = _prediction(mean, windows.rate_per_s, miss_window)[1]
        if agreement_of(predicted, _simulated(windows)) != "undecided":
            return
        windows.add(_SEEDS)


def _simulated(windows: FirstWindows) -> Estimate:
    calls = [first.calls for first in windows.firsts]
    return estimate(calls, unit="1", is_positive=True)


def _prediction(
    mean: FirstWindow, rate_per_s: float, miss_window: MissWindow
) -> tuple[float, float]:
    """Return the misses of a window, and the calls that they make."""
    misses = min(1 + rate_per_s * miss_window.window_s, mean.requests)
    if miss_window.coalescing is None:
        return misses, misses * miss_window.calls_each
    fetches = miss_window.coalescing.calls(rate_per_s, mean.span_s)
    return misses, min(fetches, misses) * miss_window.calls_each


def _as_fast(miss_window: MissWindow, mean: FirstWindow) -> MissWindow:
    """Return a miss window with the fastest answer in place of the origin's latency."""
    if mean.answered_s is None:
        return miss_window
    later_s = mean.answered_s - miss_window.origin_s
    later = Wait("fastest answer", later_s * NS_PER_S)
    return replace(miss_window, parts=(*miss_window.parts, later))


def _range(windows: FirstWindows, miss_window: MissWindow) -> Iterator[ClosedFormPoint]:
    """Yield the closed form at other rates of the phases that the window sees."""
    for exponent in _EXPONENTS:
        found = windows if not exponent else _denser(windows, 2.0**exponent)
        if found is None:
            return
        if found.firsts:
            mean, rate_per_s = mean_of(found.firsts), found.rate_per_s
            predicted = _prediction(mean, rate_per_s, miss_window)[1]
            agreement = agreement_of(predicted, _simulated(found))
            yield ClosedFormPoint(rate_per_s, predicted, mean.calls, agreement)


def _denser(windows: FirstWindows, factor: float) -> FirstWindows | None:
    """Return the windows of a scenario that has more or fewer requests in them."""
    scenario, seed, window_s = windows.scenario, windows.seed, windows.window_s
    begin_s = windows.firsts[0].opened_s
    phases = denser(scenario, factor, seed=seed, begin_s=begin_s, window_s=window_s)
    if phases is None:
        return None
    edit = ScenarioEdit(windows.shortest)
    edit.document["traffic"]["arrivals"] = [phase.document() for phase in phases]
    try:
        found = FirstWindows(edit.scenario(), window_s, seed)
    except ValueError:
        return None
    found.add(_SEEDS_ELSEWHERE)
    return found
