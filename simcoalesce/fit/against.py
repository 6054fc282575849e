"""Against a log: a scenario that is there, beside what a log recorded."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simcoalesce.fit.back_test import BackTest
from simcoalesce.fit.fitted_scenario import fitted_scenario
from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.fit.held_out import (
    REPLICATIONS,
    BackTestRuns,
    OnRun,
    compared,
    is_given,
)
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.lifetimes import lifetimes
from simcoalesce.fit.observed_part import recorded_part
from simcoalesce.logs.log import Log
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.rate_limits.fixed_window import FixedWindow
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S


def against(
    scenario: Scenario,
    log: Log,
    traffic: FittedValues,
    *,
    replications: int = REPLICATIONS,
    on_run: OnRun | None = None,
) -> BackTest | None:
    """Compare a scenario with a log: the log's traffic on the scenario's path.

    Clocks of caches and windows of limits are set to the log's first request.

    Args:
        scenario: Any.
        log: A log that tells which requests called the origin.
        traffic: What estimators found in it: its traffic is taken, and its key rule.
        replications: How many runs, under seeds from 1 on.
        on_run: Called after each run: how many are done, and of how many.

    Returns:
        None if the log does not tell which requests called the origin.
    """
    keys: FittedKeys = traffic.result("key_rule")
    if keys.events is None:
        return None
    lasts_ns = int(log.at_ns[-1] - log.at_ns[0]) + 1
    recorded = recorded_part(log, keys.events, 0, lasts_ns)
    alone = [one for one in traffic if is_given(one) or one.name == "cache"]
    with TemporaryDirectory(prefix="simcoalesce-") as folder:
        source = fitted_scenario(FittedValues(_without_faults(alone)))
        replayed = source.load(Path(folder))
        given = {
            "traffic": replayed.traffic,
            "duration_ns": replayed.duration_ns,
            "path": tuple(_on_clock(one, scenario, log) for one in scenario.path),
        }
        twin = scenario.model_copy(update=given)
        runs = BackTestRuns(replications, replications, on_run)
        main = compared(scenario.label, twin, recorded, (0, lasts_ns), runs)
    found = lifetimes(keys.events, "whole seconds")
    return BackTest(
        from_s=0.0,
        until_s=lasts_ns / NS_PER_S,
        fitted_s=None,
        main=main,
        contradictions=(found.best()[1], found.events),
        notes=("Who came is taken from the log, all else from the scenario.",),
    )


def _without_faults(values: Sequence[FittedValue]) -> tuple[FittedValue, ...]:
    latency = FittedValue("origin_latency", {"origin.latency": "100ms"})
    return (*(one for one in values if "origin.faults" not in one.sets), latency)


def _on_clock(layer: Any, scenario: Scenario, log: Log) -> Any:
    """Return a layer with its clock at the first request of a log."""
    if not log.is_wall_clock:
        return layer
    if isinstance(layer, Origin) and scenario.starts_at is not None:
        begun_ns = round(scenario.starts_at.timestamp() * 1_000) * (NS_PER_S // 1_000)
        passed_ns = int(log.at_ns[0]) - begun_ns
        moved = tuple(
            one.model_copy(
                update={"offset_ns": (one.offset_ns + passed_ns) % one.per_ns}
            )
            if isinstance(one, FixedWindow)
            else one
            for one in layer.rate_limit
        )
        return layer.model_copy(update={"rate_limit": moved})
    if "clock_offset_ns" in type(layer).model_fields:
        offset_ns = int(log.at_ns[0]) % NS_PER_S
        return layer.model_copy(update={"clock_offset_ns": offset_ns})
    return layer
