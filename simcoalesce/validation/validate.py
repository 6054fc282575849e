"""Validation: a scenario on a real thing, and the prediction beside it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simcoalesce.experiment.result import SCHEMA_VERSION, tool
from simcoalesce.plain import plain
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.agreement import Line, agreement
from simcoalesce.validation.measure import MeasuredRun, measure_run
from simcoalesce.validation.target import CannotValidate, targets


@dataclass(frozen=True)
class Validation:
    """What `simcoalesce validate` shows.

    Attributes:
        scenario: What was run.
        runtime: What it ran on, with its version.
        run: What was measured: its outcomes are the three tables, in model time.
        agreement: The metrics that were compared.
    """

    scenario: Scenario
    runtime: str
    run: MeasuredRun
    agreement: tuple[Line, ...]

    @property
    def agrees(self) -> bool:
        """Whether the prediction agrees on all metrics."""
        return all(line.state == "agrees" for line in self.agreement)

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
    testbed: Path | None = None,
) -> Validation:
    """Run a scenario on a real runtime or cache, and hold the prediction against it.

    It runs on loopback; nothing is left running.

    Args:
        scenario: What to run.
        against: ``workerd``, ``nginx``, ``varnish``, ``trafficserver`` or ``squid``,
            which must be installed.
        time_scale: Real seconds in a second of model time.
        testbed: Where the worker of workerd is; by default beside the package.

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
    run = measure_run(scenario, target, scale=time_scale)
    return Validation(scenario, runtime, run, tuple(agreement(scenario, run)))
