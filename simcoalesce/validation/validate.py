"""Validation: a scenario on a real thing, and the prediction beside it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simcoalesce.experiment.result import SCHEMA_VERSION, tool
from simcoalesce.plain import plain
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.agreement import Line, agreement, summed_up
from simcoalesce.validation.measure import LONGEST_S, MeasuredRun, measure_run
from simcoalesce.validation.target import CannotValidate, Target, targets

_TIME_SCALES: Final = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class Validation:
    """What `simcoalesce validate` shows.

    Attributes:
        scenario: What was run.
        runtime: What it ran on, with its version.
        run: What was measured: its outcomes are the three tables, in model time. Of
            several runs, the first.
        agreement: The metrics that were compared.
        advised_time_scale: At which what the machine hides could be told; None if
            nothing is hidden, or no time scale shows it.
    """

    scenario: Scenario
    runtime: str
    run: MeasuredRun
    agreement: tuple[Line, ...]
    advised_time_scale: float | None = None

    @property
    def agrees(self) -> bool:
        """Whether the prediction agrees on all metrics."""
        return all(line.state == "agrees" for line in self.agreement)

    @property
    def differs(self) -> bool:
        """Whether the prediction differs on a metric."""
        return any(line.state == "differs" for line in self.agreement)

    def document(self) -> dict[str, Any]:
        """Return it as one JSON document; instants and durations in seconds."""
        outcomes, host_latency = self.run.outcomes, self.run.host_latency
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": tool(),
            "run": {
                "runtime": self.runtime,
                "scenario": self.scenario.label,
                "scenario_sha256": self.scenario.sha256,
                "seed": self.scenario.seed,
                "time_scale": self.run.scale,
                "round_trip_s": host_latency.round_trip_ns / NS_PER_S,
                "timer_lag_s": host_latency.timer_lag_ns / NS_PER_S,
                "request_cpu_s": host_latency.request_cpu_ns / NS_PER_S,
                "jitter_s": host_latency.jitter_ns / NS_PER_S,
                "advised_time_scale": self.advised_time_scale,
            },
            "scenario": self.scenario.document(),
            "agreement": plain(self.agreement),
            "requests": _table(outcomes.requests),
            "origin_hits": _table(outcomes.origin_hits),
            "usage": plain(outcomes.usage),
        }


def _table(frame: Any) -> Any:
    """Return a table as its columns and rows."""
    return json.loads(frame.to_json(orient="split", index=False, double_precision=9))


def validate(
    scenario: Scenario,
    against: str,
    *,
    time_scale: float = 1.0,
    repeats: int = 1,
    testbed: Path | None = None,
) -> Validation:
    """Run a scenario on a real runtime or cache, and hold the prediction against it.

    It runs on loopback; nothing is left running.

    Args:
        scenario: What to run.
        against: ``workerd``, ``redis``, ``nginx``, ``varnish``, ``trafficserver``,
            ``squid`` or ``haproxy``, which must be installed.
        time_scale: Real seconds in a second of model time.
        repeats: How often it is run; more than half of the runs decide on a metric.
        testbed: Where the worker of workerd is; by default beside the package, in the
            current folder, or above it.

    Raises:
        CannotValidate: If there is no such target, it is not installed, or it cannot
            run the scenario; the message says what it could.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml@per-key")
        >>> validate(sale, "workerd", time_scale=20).agrees  # doctest: +SKIP
        True
    """
    if against not in targets():
        known = ", ".join(targets())
        raise CannotValidate(f'"{against}" is no target; write one of {known}')
    target = targets()[against]
    if testbed is not None:
        target = target.at(testbed)
    runtime = f"{against} {target.version()}"
    runs = [measure_run(scenario, target, scale=time_scale) for _ in range(repeats)]
    lines = summed_up([agreement(scenario, run) for run in runs])
    advised = _advised_time_scale(lines, scenario, target, runs[0])
    return Validation(scenario, runtime, runs[0], tuple(lines), advised)


def _advised_time_scale(
    lines: Sequence[Line], scenario: Scenario, target: Target, run: MeasuredRun
) -> float | None:
    """Return the time scale at which what the machine hides could be told, if any.

    The least that should do, or else the largest at which the scenario can run.
    """
    needed = max((one.excess for one in lines if one.cause == "machine"), default=0.0)
    last_s = float(run.sent.arrived_at_ns[-1]) / NS_PER_S
    possible = [
        scale
        for scale in _TIME_SCALES
        if run.scale < scale
        and last_s * scale <= LONGEST_S
        and not any(target.objections(scenario, scale))
    ]
    if not needed or not possible:
        return None
    enough = (scale for scale in possible if needed * run.scale <= scale)
    return next(enough, possible[-1])
