"""The law behind the count: origin calls are the arrival rate times the open door."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from simcoalesce.experiment.estimate import Estimate, estimate
from simcoalesce.experiment.run import run
from simcoalesce.explain.draft import DoesNotApply, Draft
from simcoalesce.metrics.stampede import stampedes
from simcoalesce.outcomes import NEVER, Lookup, Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_SEEDS: Final = 10
_TOLERANCE_RATIO: Final = 0.1
_EXPONENTS: Final = (-3, -2, -1, 0, 1)
_MANY_RUNS: Final = 1_000

Reason = Literal[
    "shared", "refused", "fastest", "front_loaded", "negative_caching", "saturated"
]
"""Why the law may be off: misses share fetches; the origin refuses; the fastest of many
answers comes early; arrivals are not even; absence is cached; the burst ends first."""


class Part(NamedTuple):
    """A part of the time for which the door is open."""

    name: str
    length_s: float


class Point(NamedTuple):
    """The law at one arrival rate."""

    rate_per_s: float
    predicted: float
    simulated: float


@dataclass(frozen=True)
class Law:
    """Calls of the first stampede, predicted from the settings and simulated.

    Attributes:
        rate_per_s: Of arrivals while the first burst lasts, mean over the seeds.
        parts: What the door waits for, by the settings.
        predicted: 1 + rate x window, and no more than the burst brings.
        fastest_s: When the first of many answers came, after the first call, on
            average; None if none came.
        corrected: As predicted, with that for the latency of the origin.
        simulated: Origin calls of the first stampede, over the seeds.
        reasons: Why the law may be off here.
        range: The law at other rates: other numbers of requests in the same time.
    """

    rate_per_s: float
    parts: tuple[Part, ...]
    predicted: float
    fastest_s: float | None
    corrected: float
    simulated: Estimate
    reasons: tuple[Reason, ...]
    range: tuple[Point, ...]

    @property
    def window_s(self) -> float:
        """How long the door is open by the settings."""
        return sum(part.length_s for part in self.parts)

    @property
    def agrees(self) -> bool:
        """Whether prediction and simulation differ by at most a tenth."""
        return _agree(self.predicted, self.simulated.mean or 0.0)

    @property
    def holds_up_to_per_s(self) -> float | None:
        """The highest rate that was tried up to which the law agrees."""
        agreed = None
        for point in self.range:
            if not _agree(point.predicted, point.simulated):
                break
            agreed = point.rate_per_s
        return agreed

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "formula": "1 + rate * window, at most the burst",
            "rate_per_s": self.rate_per_s,
            "window_s": self.window_s,
            "window": [part._asdict() for part in self.parts],
            "predicted": self.predicted,
            "fastest_s": self.fastest_s,
            "corrected": self.corrected,
            "simulated": self.simulated.document(),
            "agrees": self.agrees,
            "reasons": list(self.reasons),
            "range": [point._asdict() for point in self.range],
        }


def _agree(predicted: float, simulated: float) -> bool:
    return abs(predicted - simulated) <= max(_TOLERANCE_RATIO * simulated, 1.0)


class _First(NamedTuple):
    """The first stampede of a run, and the burst that it belongs to."""

    calls: int
    requests: int
    span_s: float
    early_ratio: float
    refused: int
    answered_s: float | None


def law(scenario: Scenario, *, seed: int) -> Law | None:
    """Return the law for the first stampede of a scenario.

    Args:
        scenario: The incident.
        seed: Of the first replication.

    Returns:
        The law; None if the path has no cache whose write ends a stampede, or the
        first miss has none to share it with.
    """
    parts = _parts(scenario)
    window_s = sum(part.length_s for part in parts)
    firsts = _firsts(scenario, seed, window_s) if window_s else []
    if not firsts:
        return None
    rate_per_s, predicted = _prediction(firsts, window_s)
    fastest_s = _fastest_s(firsts)
    origin_s = sum(part.length_s for part in parts if part.name == "origin")
    earlier_s = 0.0 if fastest_s is None else origin_s - fastest_s
    return Law(
        rate_per_s=rate_per_s,
        parts=parts,
        predicted=predicted,
        fastest_s=fastest_s,
        corrected=_prediction(firsts, window_s - earlier_s)[1],
        simulated=estimate([first.calls for first in firsts], unit="1"),
        reasons=tuple(_reasons(scenario, firsts, rate_per_s, window_s)),
        range=tuple(_range(scenario, seed, window_s)),
    )


def _parts(scenario: Scenario) -> tuple[Part, ...]:
    """Return what passes between the first miss and the first read that would hit."""
    layers = {layer.kind: layer for layer in scenario.path}
    read, write = layers.get("kv.read"), layers.get("kv.write")
    origin = scenario.path[-1]
    if read is None or write is None:
        return ()
    looking_s = 0.0 if read.read_at == "end" else _expected_s(read.read_latency)
    parts = (
        Part("kv.read", looking_s),
        Part("origin", _expected_s(origin.latency)),
        Part("kv.write", _expected_s(write.write_latency)),
    )
    return tuple(part for part in parts if part.length_s)


def _expected_s(latency: Any) -> float:
    return float(round(latency.expected_ns) / NS_PER_S)


def _firsts(scenario: Scenario, seed: int, window_s: float) -> list[_First]:
    runs = (
        run(scenario, seed=seed + number, repeats=_MANY_RUNS)
        for number in range(_SEEDS)
    )
    found = (_first(outcomes, window_s) for outcomes in runs)
    return [first for first in found if first is not None]


def _first(outcomes: Outcomes, window_s: float) -> _First | None:
    windows, rows, calls = (
        stampedes(outcomes),
        outcomes.request_rows,
        outcomes.origin_rows,
    )
    if not len(windows.size):
        return None
    key, location = windows.key[0], windows.location[0]
    opened_ns, closed_ns = int(windows.opened_at_ns[0]), int(windows.closed_at_ns[0])
    is_like = (rows.key == key) & (rows.location == location)
    at_ns = rows.arrived_at_ns[is_like & (rows.arrived_at_ns >= opened_ns)]
    gaps = np.flatnonzero(np.diff(at_ns) > window_s * NS_PER_S)
    burst_ns = at_ns[: int(gaps[0]) + 1] if len(gaps) else at_ns
    span_ns = int(burst_ns[-1] - burst_ns[0])
    if len(burst_ns) < 2 or not span_ns:
        return None
    end_ns = closed_ns if closed_ns != NEVER else int(burst_ns[-1]) + 1
    end_ns = min(end_ns, int(burst_ns[-1]) + 1)
    is_member = is_like & (rows.lookup == int(Lookup.MISS))
    is_member &= (rows.arrived_at_ns >= opened_ns) & (rows.arrived_at_ns < end_ns)
    is_its = np.isin(calls.request, rows.request[is_member])
    good_ns = calls.completed_at_ns[is_its & (calls.status < 400)]
    called_ns = calls.called_at_ns[is_its]
    return _First(
        calls=int(np.count_nonzero(is_its)),
        requests=len(burst_ns),
        span_s=span_ns / NS_PER_S,
        early_ratio=float(np.mean(burst_ns < burst_ns[0] + span_ns // 2)),
        refused=int(np.count_nonzero(calls.status[is_its] == 429)),
        answered_s=(int(good_ns.min()) - int(called_ns.min())) / NS_PER_S
        if len(good_ns)
        else None,
    )


def _prediction(firsts: list[_First], window_s: float) -> tuple[float, float]:
    rates = [(first.requests - 1) / first.span_s for first in firsts]
    rate_per_s = sum(rates) / len(rates)
    most = sum(first.requests for first in firsts) / len(firsts)
    return rate_per_s, min(1 + rate_per_s * window_s, most)


def _fastest_s(firsts: list[_First]) -> float | None:
    answers = [first.answered_s for first in firsts if first.answered_s is not None]
    return sum(answers) / len(answers) if answers else None


def _reasons(
    scenario: Scenario, firsts: list[_First], rate_per_s: float, window_s: float
) -> Iterator[Reason]:
    layers = {layer.kind: layer for layer in scenario.path}
    expected_s = _expected_s(scenario.path[-1].latency)
    fastest_s = _fastest_s(firsts)
    mean = {
        name: sum(getattr(first, name) for first in firsts) / len(firsts)
        for name in ("requests", "early_ratio", "refused")
    }
    if "memory" in layers or any(layer.makes_wait for layer in scenario.path):
        yield "shared"
    if mean["refused"]:
        yield "refused"
    if fastest_s is not None and fastest_s < (1 - _TOLERANCE_RATIO) * expected_s:
        yield "fastest"
    if mean["early_ratio"] > 0.6:
        yield "front_loaded"
    if layers["kv.read"].negative_ttl_ns:
        yield "negative_caching"
    if 1 + rate_per_s * window_s > mean["requests"]:
        yield "saturated"


def _range(scenario: Scenario, seed: int, window_s: float) -> Iterator[Point]:
    """Yield the law for fewer and more requests in the same time."""
    for exponent in _EXPONENTS:
        try:
            scaled = _with_requests(scenario, 2.0**exponent)
        except DoesNotApply:
            return
        firsts = _firsts(scaled, seed, window_s)
        if firsts:
            rate_per_s, predicted = _prediction(firsts, window_s)
            calls = sum(first.calls for first in firsts) / len(firsts)
            yield Point(rate_per_s, predicted, calls)


def _with_requests(scenario: Scenario, factor: float) -> Scenario:
    draft = Draft(scenario)
    for burst in draft.bursts():
        burst["requests"] = max(round(burst["requests"] * factor), 2)
    return draft.scenario()
