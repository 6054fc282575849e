"""The record of an observed run: the three tables, and what they were compared with."""

import json
from collections.abc import Sequence
from typing import Any

from simcoalesce import __version__
from simcoalesce.experiment.result import SCHEMA_VERSION
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.agreement import Line
from simcoalesce.validation.measure import MeasuredRun


def measurement_document(
    scenario: Scenario,
    observation: MeasuredRun,
    lines: Sequence[Line],
    *,
    runtime: str,
) -> dict[str, Any]:
    """Return an observed run as one JSON document; instants and durations in seconds.

    Args:
        scenario: What was run.
        observation: The run.
        lines: What was compared.
        runtime: What it ran on, with its version.
    """
    outcomes, overhead = observation.outcomes, observation.overhead
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "simcoalesce", "version": __version__},
        "run": {
            "runtime": runtime,
            "scenario": scenario.label,
            "scenario_sha256": scenario.sha256,
            "seed": scenario.seed,
            "time_scale": observation.scale,
            "round_trip_s": overhead.round_trip_ns / NS_PER_S,
            "late_s": overhead.late_ns / NS_PER_S,
            "work_s": overhead.work_ns / NS_PER_S,
            "jitter_s": overhead.jitter_ns / NS_PER_S,
        },
        "scenario": scenario.document(),
        "agreement": [line.document() for line in lines],
        "requests": _table(outcomes.requests),
        "origin_hits": _table(outcomes.origin_hits),
        "usage": dict(outcomes.usage),
    }


def _table(frame: Any) -> Any:
    """Return a table as its columns and rows."""
    return json.loads(frame.to_json(orient="split", index=False, double_precision=9))
