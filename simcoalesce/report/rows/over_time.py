"""Rates, shares and percentiles of a run in each of some time bins."""

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import percentile_s
from simcoalesce.outcomes import Lookup, OriginRows, Outcomes
from simcoalesce.report.rows.bins import binned, counted_in
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.units import NS_PER_S


def calls_per_s(calls: OriginRows, edges_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return calls a second that were accepted and refused, shape (2, bins)."""
    refused = (calls.status == 429).astype(np.int64)
    return _per_s(binned(calls.called_at_ns, refused, [0, 1], edges_ns), edges_ns)


def errors_per_s(
    outcomes: Outcomes, edges_ns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return requests a second that were refused and failed, by when they are told."""
    rows = outcomes.request_rows
    kinds = [int(OutcomeClass.REFUSED), int(OutcomeClass.FAILED)]
    found = binned(rows.completed_at_ns, outcome_classes(rows), kinds, edges_ns)
    return _per_s(found, edges_ns)


def hit_ratios(outcomes: Outcomes, edges_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return which share of the look-ups were hits, shape (bins,); nan without any."""
    rows = outcomes.request_rows
    asked = counted_in(rows.arrived_at_ns[rows.lookup != int(Lookup.BYPASS)], edges_ns)
    hits = counted_in(rows.arrived_at_ns[rows.lookup == int(Lookup.HIT)], edges_ns)
    return np.where(asked > 0, hits / np.maximum(asked, 1), np.nan)


def percentiles_s(
    outcomes: Outcomes, percent: float, edges_ns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return a percentile of the answers to the arrivals of each bin, shape (bins,).

    It is nan where they are too few for it.
    """
    rows = outcomes.request_rows
    at_ns, latency_ns = rows.arrived_at_ns[rows.answered], rows.latency_ns
    order = np.argsort(at_ns, kind="stable")
    parts = np.split(
        latency_ns[rows.answered][order], np.searchsorted(at_ns[order], edges_ns)
    )
    found = (percentile_s(part, percent) for part in parts[1:-1])
    return np.array([np.nan if one is None else one for one in found])


def _per_s(
    counts: NDArray[np.int64], edges_ns: NDArray[np.int64]
) -> NDArray[np.float64]:
    per_count = NS_PER_S / int(edges_ns[1] - edges_ns[0])
    return counts.astype(np.float64) * per_count
