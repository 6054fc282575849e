"""Caveats: where a run leaves what the platform promises, said in sentences."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from simcoalesce.experiment.warmup_check import is_unsettled
from simcoalesce.metrics.calls import busiest_second
from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.scenario.scenario import Scenario

SOFT_LIMIT_PER_S: Final = 1_000
"""Requests per second that one Durable Object takes.

Source: developers.cloudflare.com/durable-objects, FAQ on limits, read 2026-11-23.
"""


def platform_warnings(scenario: Scenario, outcomes: Outcomes) -> tuple[str, ...]:
    """Return what the reader of a run should know about the run's own validity."""
    return (
        *_crowded_objects(scenario, outcomes),
        *is_unsettled(scenario, outcomes),
    )


def _crowded_objects(scenario: Scenario, outcomes: Outcomes) -> Iterator[str]:
    for layer in scenario.path:
        if layer.kind != "durable_object" or layer.capacity_per_s is not None:
            continue
        busiest = _busiest_object(outcomes, is_global=layer.id_from != "key")
        if busiest > SOFT_LIMIT_PER_S:
            yield (
                f"one durable object is asked {busiest:,} times within a second;"
                f" the platform speaks of about {SOFT_LIMIT_PER_S:,} (set"
                " durable_object.capacity to see what that does)"
            )


def _busiest_object(outcomes: Outcomes, *, is_global: bool) -> int:
    """Return the most misses within a second that meet one object."""
    rows = outcomes.request_rows
    missed = rows.lookup == Lookup.MISS
    instants, keys = rows.arrived_at_ns[missed], rows.key[missed]
    if is_global:
        return busiest_second(instants)
    popular = np.flatnonzero(np.bincount(keys) > SOFT_LIMIT_PER_S)
    return max((busiest_second(instants[keys == key]) for key in popular), default=0)
