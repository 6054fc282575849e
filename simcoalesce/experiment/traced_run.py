"""A run once more, with a trace of one of its requests."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from simcoalesce.experiment.single_run import run
from simcoalesce.model.layer import Layer
from simcoalesce.model.trace import SpanTrace
from simcoalesce.outcomes import Outcomes, RequestRows
from simcoalesce.scenario.scenario import Scenario


def traced_again(
    scenario: Scenario, outcomes: Outcomes, row: int, *, seed: int | None = None
) -> SpanTrace:
    """Return the trace of one request, from a second run.

    It is that of the SimPy engine, and goes as far as that request waits.

    Args:
        scenario: What was simulated.
        outcomes: What happened.
        row: Which request, by its row.
        seed: Seed of the run; the scenario's own if absent.
    """
    rows = outcomes.request_rows
    until_ns = int(rows.completed_at_ns[row])
    trace = trace_of(scenario.path, outcomes, row)
    arrived = int(np.searchsorted(rows.arrived_at_ns, until_ns, side="right"))
    again = run(scenario, seed=seed, engine="simpy", most=arrived, trace=trace)
    _check_same(rows, again.request_rows, until_ns)
    return trace


def trace_of(path: Sequence[Layer], outcomes: Outcomes, row: int) -> SpanTrace:
    """Return what will follow one request in another run."""
    rows = outcomes.request_rows
    joins_keys = any(one.joins_keys for one in path)
    return SpanTrace(
        int(rows.request[row]),
        keys=None if joins_keys else {int(rows.key[row])},
        from_ns=int(rows.arrived_at_ns[row]),
        until_ns=int(rows.completed_at_ns[row]),
    )


def _check_same(rows: RequestRows, again: RequestRows, until_ns: int) -> None:
    """Make sure that a run has the same answers again, up to an instant."""
    known = len(again.request)
    is_known = rows.completed_at_ns[:known] <= until_ns
    for column in fields(RequestRows):
        one = getattr(rows, column.name)[:known][is_known]
        other = getattr(again, column.name)[is_known]
        assert np.array_equal(one, other), f"a trace changes no row: {column.name}"
