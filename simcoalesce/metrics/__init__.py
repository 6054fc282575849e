"""Metrics: a run is tallied, and each metric is a function of its tally."""

from simcoalesce.metrics.expectation import Expectation, Verdict
from simcoalesce.metrics.metric import Metric
from simcoalesce.metrics.origin import origin_hits, origin_rejected
from simcoalesce.metrics.registry import METRICS, measure, metric_of
from simcoalesce.metrics.tally import Tally
from simcoalesce.metrics.warmup import mser5, warm_up_s

__all__ = [
    "METRICS",
    "Expectation",
    "Metric",
    "Tally",
    "Verdict",
    "measure",
    "metric_of",
    "mser5",
    "origin_hits",
    "origin_rejected",
    "warm_up_s",
]
