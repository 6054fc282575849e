"""The closed form: origin calls are the arrival rate times the miss window."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.experiment.single_run import run
from simcoalesce.explain.closed_form.first_window import FirstWindow, mean_of
from simcoalesce.explain.closed_form.miss_window import (
    Coalescing,
    MissWindow,
    miss_window_of,
    total_s,
)
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.explain.scenario_runner import RUNS_TO_COME
from simcoalesce.model.layer import Wait
from simcoalesce.model.scope import Scope
from simcoalesce.plain import plain_fields
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_SEEDS: Final = 10
_TOLERANCE_RATIO: Final = 0.1
_EXPONENTS: Final = (-3, -2, -1, 0, 1)
_UNEVEN_RATIO: Final = 0.15
"""How far from the mean rate arrivals in the miss window may be, and be even."""

Reason = Literal[
    "kept",
    "refused",
    "failed",
    "stopped",
    "fastest",
    "late",
    "queued",
    "displaced",
    "batched",
    "retried",
    "given_up",
    "denser",
    "thinner",
    "negative_caching",
    "elsewhere",
    "everywhere",
    "cold",
    "saturated",
]
"""Why the closed form may be off; each has a sentence in the report."""


class ClosedFormPoint(NamedTuple):
    """The closed form at one arrival rate."""

    rate_per_s: float
    predicted: float
    simulated: float


@dataclass(frozen=True)
class ClosedForm:
    """Calls of the first stampede, predicted from the settings and simulated.

    Of many keys it is the stampede of the one that is asked for most.

    Attributes:
        rate_per_s: Of arrivals while the first burst lasts, mean over the seeds.
        parts: Of the miss window, by the settings.
        coalescing: Where misses share fetches; None if each makes its own.
        misses: 1 + rate x window, and no more than the burst brings.
        predicted: Calls: as many as misses, or as few as share fetches.
        fastest_s: When the first of many answers came, after the first call, on
            average; None if none came.
        corrected: As predicted, with that for the latency of the origin.
        simulated: Origin calls of the first stampede, over the seeds.
        reasons: Why it may be off here.
        range: The same at other rates: other numbers of requests in the same time.
    """

    rate_per_s: float
    parts: tuple[Wait, ...] = field(repr=False)
    coalescing: Coalescing | None
    misses: float
    predicted: float
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
    def agrees(self) -> bool:
        """Whether they differ by at most a tenth, or no more than chance allows."""
        known = self.simulated
        low, high = known.low or 0.0, known.high or 0.0
        is_within = low <= self.predicted <= high
        return is_within or _agree(self.predicted, known.mean or 0.0)

    @property
    def holds_up_to_per_s(self) -> float | None:
        """The highest rate that was tried up to which prediction and runs agree."""
        agreed = None
        for point in self.range:
            if not _agree(point.predicted, point.simulated):
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
            "agrees": self.agrees,
        }


def _agree(predicted: float, simulated: float) -> bool:
    off = abs(predicted - simulated)
    return off < 1 or off <= _TOLERANCE_RATIO * simulated


def closed_form(scenario: Scenario, *, seed: int) -> ClosedForm | None:
    """Return the closed form for the first stampede of a scenario.

    Returns:
        It; None if the path has no cache that ends a stampede, or the first miss is
        alone.
    """
    miss_window = miss_window_of(scenario)
    firsts = _firsts(scenario, seed, miss_window) if miss_window else []
    if miss_window is None or not firsts:
        return None
    mean = mean_of(firsts)
    misses, predicted = _prediction(mean, miss_window)
    return ClosedForm(
        rate_per_s=mean.rate_per_s,
        parts=miss_window.parts,
        coalescing=miss_window.coalescing,
        misses=misses,
        predicted=predicted,
        fastest_s=mean.answered_s,
        corrected=_prediction(mean, _as_fast(miss_window, mean))[1],
        simulated=estimate([first.calls for first in firsts], unit="1"),
        reasons=tuple(_reasons(scenario, miss_window, mean)),
        range=tuple(_range(scenario, seed, miss_window)),
    )


def _firsts(
    scenario: Scenario, seed: int, miss_window: MissWindow
) -> list[FirstWindow]:
    runs = (
        run(scenario, seed=seed + number, repeats=RUNS_TO_COME)
        for number in range(_SEEDS)
    )
    found = (
        FirstWindow.of(outcomes, miss_window.window_s, scenario.path)
        for outcomes in runs
    )
    return [first for first in found if first is not None]


def _prediction(mean: FirstWindow, miss_window: MissWindow) -> tuple[float, float]:
    """Return the misses of a window, and the calls that they make."""
    misses = min(1 + mean.rate_per_s * miss_window.window_s, mean.requests)
    if miss_window.coalescing is None:
        return misses, misses
    calls = miss_window.coalescing.calls(mean.rate_per_s, mean.span_s)
    return misses, min(calls, misses)


def _as_fast(miss_window: MissWindow, mean: FirstWindow) -> MissWindow:
    """Return a miss window with the fastest answer in place of the origin's latency."""
    if mean.answered_s is None:
        return miss_window
    later_s = mean.answered_s - miss_window.origin_s
    later = Wait("fastest answer", later_s * NS_PER_S)
    return replace(miss_window, parts=(*miss_window.parts, later))


def _reasons(
    scenario: Scenario, miss_window: MissWindow, mean: FirstWindow
) -> Iterator[Reason]:
    path = scenario.path
    expected = 1 + mean.rate_per_s * miss_window.window_s
    origin_s = miss_window.origin_s
    is_each = miss_window.coalescing is None and mean.answered_s is not None
    answered_s = mean.answered_s or 0.0
    has_several = len(scenario.traffic.locations) > 1
    is_so: dict[Reason, Any] = {
        "kept": any(one.looks_up and not one.scope.is_shared for one in path),
        "refused": mean.refused,
        "failed": mean.failed,
        "stopped": mean.stopped,
        "fastest": is_each and answered_s < (1 - _TOLERANCE_RATIO) * origin_s,
        "late": is_each and answered_s > (1 + _TOLERANCE_RATIO) * origin_s,
        "queued": any(one.serializes for one in path),
        "displaced": path[-1].streams and any(one.displaces for one in path),
        "batched": any(one.joins_keys for one in path),
        "retried": mean.calls > mean.misses,
        "given_up": mean.given_up,
        "denser": mean.came > (1 + _UNEVEN_RATIO) * expected,
        "thinner": mean.came < (1 - _UNEVEN_RATIO) * min(expected, mean.requests),
        "negative_caching": any(one.keeps_absence for one in path),
        "elsewhere": has_several
        and any(one.store and one.scope is not Scope.EVERYWHERE for one in path),
        "everywhere": has_several
        and any(one.scope is Scope.EVERYWHERE for one in path),
        "cold": not scenario.worker.keeps_isolates,
        "saturated": miss_window.coalescing is None and expected > mean.requests,
    }
    return (reason for reason in is_so if is_so[reason])


def _range(
    scenario: Scenario, seed: int, miss_window: MissWindow
) -> Iterator[ClosedFormPoint]:
    """Yield the closed form for fewer and more requests in the same time."""
    for exponent in _EXPONENTS:
        try:
            scaled = _with_requests(scenario, 2.0**exponent)
        except DoesNotApply:
            return
        firsts = _firsts(scaled, seed, miss_window)
        if firsts:
            mean = mean_of(firsts)
            yield ClosedFormPoint(
                mean.rate_per_s, _prediction(mean, miss_window)[1], mean.calls
            )


def _with_requests(scenario: Scenario, factor: float) -> Scenario:
    edit = ScenarioEdit(scenario)
    for burst in edit.bursts():
        burst["requests"] = max(round(burst["requests"] * factor), 2)
    return edit.scenario()
