"""Agreement: what was predicted and what was measured, line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final, Literal

import numpy as np

from simcoalesce.conditions.estimate import Estimate, estimate, t_quantile
from simcoalesce.metrics import METRICS, measure
from simcoalesce.metrics.latency import answered_ns, error_ns
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

State = Literal["agrees", "differs"]


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
    """

    metric: str
    predicted: float | None
    with_host_latency: Estimate
    measured: float | None
    low: float
    high: float
    nearby: tuple[float, float] | None = None

    @property
    def unit(self) -> str:
        """The unit of the metric."""
        return METRICS[self.metric].unit

    @property
    def state(self) -> State:
        """The verdict."""
        if self.measured is None or self.with_host_latency.mean is None:
            both = self.measured is None and self.predicted is None
            return "agrees" if both else "differs"
        least, greatest = self.nearby or (self.measured, self.measured)
        is_within = self.low <= greatest and least <= self.high
        return "agrees" if is_within else "differs"

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
        }


def agreement(scenario: Scenario, run: MeasuredRun) -> list[Line]:
    """Predict a measured run from its send times, and hold both side by side."""
    path, host_latency = run.path, run.host_latency
    measured = measure(run.outcomes)
    predicted = measure(_simulated(scenario, path, run, scenario.seed))
    runs = min(scenario.replications, _MOST_RUNS)
    with_host_latency = [
        measure(_simulated(scenario, slowed(path, host_latency), run, seed))
        for seed in range(scenario.seed, scenario.seed + runs)
    ]
    step_s = host_latency.step_ns / NS_PER_S
    return [
        _line(
            name,
            predicted[name],
            [one[name] for one in with_host_latency],
            measured[name],
            step_s,
            nearby_s(name, run.outcomes),
        )
        for name in COMPARED
        if predicted[name] or measured[name]
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
    )


def _line(
    name: str,
    predicted: float | None,
    values: Sequence[float | None],
    measured: float | None,
    step_s: float,
    nearby: tuple[float, float] | None,
) -> Line:
    unit = METRICS[name].unit
    known = estimate(values, unit=unit, missing=METRICS[name].missing)
    if known.mean is None:
        return Line(name, predicted, known, measured, 0.0, 0.0)
    is_latency = unit == "s"
    ratio = LATENCY_TOLERANCE_RATIO if is_latency else COUNT_TOLERANCE_RATIO
    # One further run, not the mean of many: hence the 1 under the root.
    spread = t_quantile(known.n - 1) * sqrt(1 + 1 / known.n) if known.sd else 0.0
    ends = (known.mean, predicted if predicted is not None else known.mean)
    # The host latency of one step is the least that can be told of a latency.
    tolerance = spread * (known.sd or 0.0) + (step_s if is_latency else 0.0)
    low = max(min(ends) - tolerance - ratio * min(ends), 0.0)
    high = max(ends) + tolerance + ratio * max(ends)
    return Line(name, predicted, known, measured, low, high, nearby)


def nearby_s(name: str, outcomes: Outcomes) -> tuple[float, float] | None:
    """Return the latencies that a percentile may be mistaken for.

    Args:
        name: A metric.
        outcomes: The measured run.

    Returns:
        The least and the greatest: as many ranks away as the requests on the smaller
        side of the percentile may be off by; None if it is no percentile.
    """
    found = re.fullmatch(r"latency_(error_)?p(\d+)_s", name)
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
