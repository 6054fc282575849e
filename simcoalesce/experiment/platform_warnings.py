"""Warnings: where a run leaves what the platform promises, said in sentences."""

from collections.abc import Iterator

import numpy as np

from simcoalesce.experiment.warmup_check import is_unsettled
from simcoalesce.metrics.calls import busiest_second
from simcoalesce.model.platform_limit import PlatformLimit
from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.scenario.scenario import Scenario


def platform_warnings(scenario: Scenario, outcomes: Outcomes) -> tuple[str, ...]:
    """Return what the reader of a run should know about the run's own validity."""
    return (
        *_exceeded_limits(scenario, outcomes),
        *_unjoinable_refusals(scenario, outcomes),
        *is_unsettled(scenario, outcomes),
    )


def _unjoinable_refusals(scenario: Scenario, outcomes: Outcomes) -> Iterator[str]:
    """Yield a warning where flights of refused calls end as soon as they begin."""
    origin, calls = scenario.path[-1], outcomes.origin_rows
    if not origin.refuses_at_once:
        return
    sharing = next((layer.noun for layer in scenario.path if layer.shares), "")
    is_instant = calls.completed_at_ns == calls.called_at_ns
    at_once = np.count_nonzero(is_instant & np.isin(calls.status, (429, 503)))
    if sharing and at_once:
        yield (
            f"the origin refuses {at_once:,} calls at the very instant of the call"
            f" (rejects_in: 0ms), so nobody can join their flights at {sharing};"
            " write rejects_in: 1ms to let others share a refusal"
        )


def _exceeded_limits(scenario: Scenario, outcomes: Outcomes) -> Iterator[str]:
    for layer in scenario.path:
        limit = layer.platform_limit
        busiest = _busiest(limit, outcomes) if limit else 0
        if limit and busiest > limit.per_s:
            yield (
                f"one {limit.noun} is asked {busiest:,} times within a second;"
                f" the platform speaks of about {limit.per_s:,} (set"
                f" {limit.parameter} to see what that does)"
            )


def _busiest(limit: PlatformLimit, outcomes: Outcomes) -> int:
    """Return the most misses within a second that reach one of what has a limit."""
    rows = outcomes.request_rows
    missed = rows.lookup == Lookup.MISS
    instants, keys = rows.arrived_at_ns[missed], rows.key[missed]
    if not limit.is_of_a_key:
        return busiest_second(instants)
    popular = np.flatnonzero(np.bincount(keys) > limit.per_s)
    return max((busiest_second(instants[keys == key]) for key in popular), default=0)
