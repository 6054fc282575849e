"""Agreement: what was predicted and what was measured, line by line."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, inf, sqrt
from typing import Any, Final, Literal

import numpy as np

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.student_t import t_quantile
from simcoalesce.metrics import METRICS, measure
from simcoalesce.metrics.latency import answered_ns, error_ns
from simcoalesce.model.change import Agenda
from simcoalesce.model.edge import simulate
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.host_latency import slowed
from simcoalesce.validation.measure import MeasuredRun

COMPARED: Final = (
    *("requests", "errors", "cache_hits", "stale_served", "leaders", "followers"),
    *("origin_hits", "origin_rejected", "origin_failed", "origin_peak_concurrency"),
    *("kv_reads", "kv_writes", "kv_writes_refused", "object_requests"),
    *("latency_p50_s", "latency_p90_s", "latency_p99_s", "latency_error_p50_s"),
)
COUNT_TOLERANCE_RATIO: Final = 0.02
LATENCY_TOLERANCE_RATIO: Final = 0.05
_MOST_RUNS: Final = 20

WIDEST_RATIO: Final = 0.5
"""A band wider than this share of the prediction says nothing."""
_ALWAYS_TOLD_RATIO: Final = {"1": 0.01, "s": 0.1}
"""How wide a band may always be, by unit: as a share of the requests of a run, or of
the longest that one of them is predicted to wait."""
_PARTS_OF_REQUESTS: Final = frozenset(
    ("errors", "cache_hits", "stale_served", "leaders", "followers")
)

State = Literal["agrees", "differs", "says nothing"]
Cause = Literal["machine", "chance", "jump"]
"""Why a line says nothing: what the machine adds varies too much, the scenario itself
does from seed to seed, or a percentile lies where latencies jump."""


@dataclass(frozen=True, slots=True)
class Line:
    """One metric, predicted and measured.

    Attributes:
        metric: Its name.
        predicted: By the scenario as it is, fed with the actual send times, under the
            seed of the run; None if there is no such number.
        with_host_latency: By the scenario on a machine as slow as this one: the mean
            over several seeds, and how it varies.
        measured: On the real thing.
        low: From here on a measurement agrees.
        high: Up to here.
        nearby: For a percentile, the least and the greatest latency measured as many
            ranks away as a count of requests may be off: at a jump it says no more.
        widest: A band that is wider says nothing: nearly any run would lie in it.
        most: What the metric can be at most; a band that reaches it says nothing
            either, if the prediction is far from it.
        varies_by_itself: Whether the band would be as wide on an ideal machine.
        repeats: The lines of the runs that this one sums up; empty for one run.
    """

    metric: str
    predicted: float | None
    with_host_latency: Estimate
    measured: float | None
    low: float
    high: float
    nearby: tuple[float, float] | None = None
    widest: float = inf
    most: float = inf
    varies_by_itself: bool = False
    repeats: tuple["Line", ...] = ()

    @property
    def unit(self) -> str:
        """The unit of the metric."""
        return METRICS[self.metric].unit

    @property
    def state(self) -> State:
        """The verdict; of several runs, what more than half of them say."""
        if self.repeats:
            states = Counter(line.state for line in self.repeats)
            state, count = states.most_common(1)[0]
            return state if 2 * count > len(self.repeats) else "says nothing"
        if self.measured is None or self.with_host_latency.mean is None:
            both = self.measured is None and self.predicted is None
            return "agrees" if both else "differs"
        least, greatest = self.nearby or (self.measured, self.measured)
        if self.high < least or greatest < self.low:
            return "differs"
        is_at_jump = not self.low <= self.measured <= self.high
        is_vague = greatest - least > self.widest if is_at_jump else False
        return "says nothing" if is_vague or self.is_vague else "agrees"

    @property
    def cause(self) -> Cause | None:
        """Why the line says nothing, if it says nothing."""
        if self.state != "says nothing":
            return None
        if self.repeats:
            causes = Counter(line.cause for line in self.repeats if line.cause)
            return causes.most_common(1)[0][0] if causes else "chance"
        if not self.is_vague:
            return "jump"
        return "chance" if self.varies_by_itself else "machine"

    @property
    def excess(self) -> float:
        """How many times as wide as it may be the band is."""
        return (self.high - self.low) / self.widest if self.widest else inf

    @property
    def is_vague(self) -> bool:
        """Whether the band is so wide, or reaches so far, that it tells nothing."""
        mean = self.with_host_latency.mean or 0.0
        reaches_most = self.high >= self.most and mean < self.most - self.widest
        reaches_none = self.low <= 0 and mean > self.widest
        return self.high - self.low > self.widest or reaches_most or reaches_none

    def document(self) -> dict[str, Any]:
        """Return it as measurement.json shows it."""
        return {
            "metric": self.metric,
            "unit": self.unit,
            "predicted": self.predicted,
            "predicted_with_host_latency": self.with_host_latency.mean,
            "agrees_within": [self.low, self.high],
            "measured": self.measured,
            "measured_nearby": self.nearby,
            "verdict": self.state,
            "says_nothing_because": self.cause,
            "repeats": [
                {"measured": line.measured, "verdict": line.state}
                for line in self.repeats
            ],
        }


def agreement(scenario: Scenario, run: MeasuredRun) -> list[Line]:
    """Predict a measured run from its send times, and hold both side by side."""
    measured = measure(run.outcomes)
    outcomes = _simulated(scenario, run.path, run, scenario.seed)
    predicted = measure(outcomes)
    # The thread of a slowed path remembers what it did: each run has its own.
    slower = _under_seeds(scenario, lambda: slowed(run.path, run.host_latency), run)
    compared = [name for name in COMPARED if predicted[name] or measured[name]]
    rows = outcomes.request_rows
    longest_ns = int((rows.completed_at_ns - rows.arrived_at_ns).max())
    scales = {"1": float(len(run.sent)), "s": longest_ns / NS_PER_S}

    def line(name: str, values: Sequence[float | None], step_s: float) -> Line:
        nearby, scale = nearby_s(name, run.outcomes), scales[METRICS[name].unit]
        sides = predicted[name], values, measured[name]
        return _line(name, *sides, nearby, step_s=step_s, scale=scale)

    step_s = run.host_latency.step_ns / NS_PER_S
    lines = {
        name: line(name, [one[name] for one in slower], step_s) for name in compared
    }
    vague = [name for name in compared if lines[name].is_vague]
    ideal = _under_seeds(scenario, lambda: run.path, run) if vague else []
    for name in vague:
        on_ideal = line(name, [one[name] for one in ideal], 0.0)
        lines[name] = replace(lines[name], varies_by_itself=on_ideal.is_vague)
    return [*lines.values()]


def summed_up(runs: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of several runs as one each: means, and the runs' own lines."""
    if len(runs) == 1:
        return [*runs[0]]
    found = {line.metric: line for lines in runs for line in lines}
    ordered = [name for name in COMPARED if name in found]
    by_name = {
        name: tuple(one for lines in runs for one in lines if one.metric == name)
        for name in ordered
    }
    return [_mean_of(name, lines) for name, lines in by_name.items()]


def _mean_of(name: str, lines: tuple[Line, ...]) -> Line:
    unit = METRICS[name].unit
    slower = estimate([one.with_host_latency.mean for one in lines], unit=unit)
    return Line(
        name,
        estimate([one.predicted for one in lines], unit=unit).mean,
        slower,
        estimate([one.measured for one in lines], unit=unit).mean,
        low=fsum(one.low for one in lines) / len(lines),
        high=fsum(one.high for one in lines) / len(lines),
        widest=lines[0].widest,
        repeats=lines,
    )


def _is_latency(name: str) -> bool:
    return METRICS[name].unit == "s"


def _under_seeds(
    scenario: Scenario, path: Callable[[], Sequence[Layer]], run: MeasuredRun
) -> list[Mapping[str, float | None]]:
    """Return the metrics of the run's requests on a path, under several seeds."""
    runs = min(scenario.replications, _MOST_RUNS)
    return [
        measure(_simulated(scenario, path(), run, seed))
        for seed in range(scenario.seed, scenario.seed + runs)
    ]


def _simulated(
    scenario: Scenario, path: Sequence[Layer], run: MeasuredRun, seed: int
) -> Outcomes:
    return simulate(
        path,
        [run.sent],
        seed=seed,
        keys=run.outcomes.keys,
        locations=run.outcomes.locations,
        cpu_ns=scenario.worker.cpu_ns,
        agenda=Agenda(scenario.changes, scenario.duration_ns),
    )


def _line(  # noqa: PLR0913 - one argument for each side, and for what it is held by
    name: str,
    predicted: float | None,
    values: Sequence[float | None],
    measured: float | None,
    nearby: tuple[float, float] | None,
    *,
    step_s: float,
    scale: float,
) -> Line:
    unit = METRICS[name].unit
    known = estimate(values, unit=unit, missing=METRICS[name].missing)
    if known.mean is None:
        return Line(name, predicted, known, measured, 0.0, 0.0)
    is_latency = _is_latency(name)
    ratio = LATENCY_TOLERANCE_RATIO if is_latency else COUNT_TOLERANCE_RATIO
    # One further run, not the mean of many: hence the 1 under the root.
    spread = t_quantile(known.n - 1) * sqrt(1 + 1 / known.n) if known.sd else 0.0
    ends = (known.mean, predicted if predicted is not None else known.mean)
    # The host latency of one step is the least that can be told of a latency.
    tolerance = spread * (known.sd or 0.0) + (step_s if is_latency else 0.0)
    return Line(
        name,
        predicted,
        known,
        measured,
        low=max(min(ends) - tolerance - ratio * min(ends), 0.0),
        high=max(ends) + tolerance + ratio * max(ends),
        nearby=nearby,
        widest=max(WIDEST_RATIO * ends[1], _ALWAYS_TOLD_RATIO[unit] * scale),
        most=scale if name in _PARTS_OF_REQUESTS else inf,
    )


def nearby_s(name: str, outcomes: Outcomes) -> tuple[float, float] | None:
    """Return the latencies that a percentile may be mistaken for.

    Args:
        name: A metric.
        outcomes: The measured run.

    Returns:
        The least and the greatest: as many ranks away as the requests on the smaller
        side of the percentile may be off by; None if it is no percentile.
    """
    found = re.fullmatch(r"latency_(error_)?p(\d\d)_s", name)
    if found is None:
        return None
    latencies_ns = np.sort(error_ns(outcomes) if found[1] else answered_ns(outcomes))
    count = len(latencies_ns)
    if not count:
        return None
    below = max(-(-count * int(found[2]) // 100), 1)
    slack = int(COUNT_TOLERANCE_RATIO * min(below, count - below))
    first, last = latencies_ns[[below - 1 - slack, below - 1 + slack]].tolist()
    return first / NS_PER_S, last / NS_PER_S
