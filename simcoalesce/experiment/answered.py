"""Answered: how many requests latencies are of, and whether two scenarios compare.

A scenario that refuses a quarter of its requests has no latencies of these: the
percentiles of the others look fast, and get slower once all are answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.reach import percent
from simcoalesce.experiment.difference import paired_change, welch_change
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics import METRICS
from simcoalesce.plain import plain_fields
from simcoalesce.scenario.scenario import Scenario

MARGIN_RATIO: Final = 0.01
"""Shares of errors that differ by more of the requests make latencies no comparison.

The median moves by half of that share at most in rank, so this is a narrow margin."""

_ALL: Final = "latency_all_"
_FAILED: Final = "latency_error_"
_PREFIX: Final = "latency_"
_TIMEOUT: Final = "timeout"
_MAKE_NO_ERROR: Final = frozenset(
    ("kv.read", "kv.write", "memory", "single_flight", "lock", "cdn", "retry", "origin")
)
"""Layers that make no error of their own, if no put is refused."""


class Coverage(NamedTuple):
    """How many requests of a run a number is of, in the run with fewest and with most.

    Attributes:
        fewest: In the run with fewest.
        most: In the run with most.
        is_all: Whether it is of all requests in every run.
    """

    fewest: int
    most: int
    is_all: bool

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return self._asdict()


@dataclass(frozen=True)
class ErrorShares:
    """Which share of the requests got an error in two scenarios, and why.

    Attributes:
        base: The share of the base.
        other: The share of the other.
        change: Other minus base, with its 95 % interval.
        margin_ratio: By how much of the requests they may differ.
        reason: Why latencies of answered requests are not comparable; None if they are.
    """

    base: Estimate
    other: Estimate
    change: Estimate
    margin_ratio: float
    reason: str | None

    @classmethod
    def of(
        cls,
        scenarios: tuple[Scenario, Scenario],
        measured: tuple[MetricValues, MetricValues],
        *,
        is_paired: bool,
    ) -> Self:
        """Return the shares of a base and another scenario.

        Latencies are comparable if the whole 95 % interval of the change lies within
        the margin; with one run, which has none, the change itself.
        """
        before, after = (error_ratios(one) for one in measured)
        base, other = (estimate(one, unit="ratio") for one in (before, after))
        change = welch_change(base, other)[0]
        if is_paired:
            change = paired_change(before, after, unit="ratio")
        reason = None
        if not _is_within(change):
            words = [
                _words(scenario, one)
                for scenario, one in zip(scenarios, measured, strict=True)
            ]
            reason = _reason((base, other), words, change)
        return cls(base, other, change, MARGIN_RATIO, reason)

    def document(self) -> dict[str, Any]:
        """Return the shares as plain values."""
        return plain_fields(self)


def is_of_answered(metric: str) -> bool:
    """Return whether a metric is a latency of answered requests only, or of errors."""
    return metric.startswith(_PREFIX) and not is_of_all(metric)


def is_of_all(metric: str) -> bool:
    """Return whether a metric is a latency of all requests, answered or not."""
    return metric.startswith(_ALL)


def over_all_requests(metric: str) -> str | None:
    """Return the metric that says the same of all requests; None if there is none."""
    if not is_of_answered(metric):
        return None
    prefix = _FAILED if metric.startswith(_FAILED) else _PREFIX
    name = f"{_ALL}{metric.removeprefix(prefix)}"
    return name if name in METRICS else None


def error_ratios(measured: MetricValues) -> list[float | None]:
    """Return which share of the requests got an error in each run."""
    runs = zip(measured.values["requests"], measured.values["errors"], strict=True)
    return [
        errors / requests if requests and errors is not None else None
        for requests, errors in runs
    ]


def coverage(metric: str, measured: MetricValues) -> Coverage | None:
    """Return how many requests of a run a latency is of; None of other metrics."""
    runs = [
        (int(requests), int(errors))
        for requests, errors in zip(
            measured.values["requests"], measured.values["errors"], strict=True
        )
        if requests is not None and errors is not None
    ]
    if not runs or not is_of_answered(metric):
        return None
    is_failed = metric.startswith(_FAILED)
    counts = [errors if is_failed else requests - errors for requests, errors in runs]
    is_all = all(count == run[0] for count, run in zip(counts, runs, strict=True))
    return Coverage(min(counts), max(counts), is_all)


def _is_within(change: Estimate) -> bool:
    if change.mean is None:
        return True
    ends = (change.mean, change.low, change.high)
    return all(abs(end) <= MARGIN_RATIO for end in ends if end is not None)


def _reason(shares: Sequence[Estimate], words: Sequence[str], change: Estimate) -> str:
    """Return what was not answered, before and after."""
    told = [
        f"{_percent(one.mean)} {word} {when}"
        for one, word, when in zip(shares, words, ("before", "after"), strict=True)
        if one.mean
    ]
    if change.mean is not None and abs(change.mean) <= MARGIN_RATIO:
        ends = (abs(end) for end in (change.low, change.high) if end is not None)
        told.append(f"a difference of up to {_percent(max(ends))}")
    return ", ".join(told)


def _words(scenario: Scenario, measured: MetricValues) -> str:
    """Return what became of the requests with an error, as far as that is known."""
    calls = measured.values
    if any(calls["origin_failed"]):
        return "got an error"
    if calls["origin_rejected"] == calls["errors"]:
        return "were refused"
    made = any(calls["origin_rejected"]) or any(calls["kv_writes_refused"])
    kinds = {layer.kind for layer in scenario.path}
    is_only_timeout = kinds - _MAKE_NO_ERROR == {_TIMEOUT}
    return "timed out" if is_only_timeout and not made else "got an error"


def _percent(ratio: float | None) -> str:
    known = ratio or 0.0
    return f"{100 * known:.0f} %" if known >= 0.1 else percent(known)
