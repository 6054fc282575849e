"""Caveats: where a run leaves what the platform promises, said in sentences."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from simcoalesce.metrics.origin import busiest_second
from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.scenario.scenario import Scenario

SOFT_LIMIT_PER_S: Final = 1_000
"""Requests per second that one Durable Object takes.

Source: developers.cloudflare.com/durable-objects, FAQ on limits, read 2026-11-23.
"""


def caveats(scenario: Scenario, outcomes: Outcomes) -> tuple[str, ...]:
    """Return what the reader of a run should know about the run's own validity."""
    return tuple(_crowded_objects(scenario, outcomes))


def _crowded_objects(scenario: Scenario, outcomes: Outcomes) -> Iterator[str]:
    for layer in scenario.path:
        if layer.kind != "durable_object" or layer.capacity_per_s is not None:
            continue
        rows = outcomes.request_rows
        missed = rows.lookup == Lookup.MISS
        keys = rows.key[missed] if layer.id_from == "key" else 0 * rows.key[missed]
        busiest = max(
            (
                busiest_second(rows.arrived_at_ns[missed][keys == key])
                for key in np.unique(keys).tolist()
            ),
            default=0,
        )
        if busiest > SOFT_LIMIT_PER_S:
            yield (
                f"one durable object is asked {busiest:,} times within a second;"
                f" the platform speaks of about {SOFT_LIMIT_PER_S:,} (set"
                " durable_object.capacity to see what that does)"
            )
