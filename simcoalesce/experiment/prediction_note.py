"""Prediction: where one further run lies whose values are drawn as those of others."""

from collections.abc import Mapping
from math import sqrt
from typing import Final

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.student_t import t_quantile

_SHOWN: Final = ("origin_hits", "origin_rejected", "errors", "latency_p99_s")


def prediction_interval(known: Estimate) -> tuple[float, float] | None:
    """Return the 95 % interval of one further run, of a metric; None for few runs.

    Source:
        Hahn, Factors for calculating two-sided prediction intervals for samples from a
        normal distribution, JASA 64 (1969).
    """
    if known.mean is None or known.sd is None or known.n < 2:
        return None
    half = t_quantile(known.n - 1) * known.sd * sqrt(1 + 1 / known.n)
    return max(known.mean - half, 0.0), known.mean + half


def prediction_note(estimates: Mapping[str, Estimate]) -> str:
    """Return in which intervals the metrics of one further run lie; empty if unknown.

    The interval of the mean becomes ever narrower with more runs; this one keeps what
    the values that are drawn leave open.
    """
    parts = []
    for name in _SHOWN:
        interval = prediction_interval(estimates[name]) if name in estimates else None
        if interval is not None:
            low, high = (
                f"{end:,.4g}" if end < 1_000 else f"{end:,.0f}" for end in interval
            )
            parts.append(f"{name} {low} to {high}")
    return f"95 % of such runs: {', '.join(parts)}" if parts else ""
