"""Answered: how many requests latencies are of, and whether two scenarios compare.

A scenario that refuses a quarter of its requests has no latencies of these: the
percentiles of the others look fast, and get slower once all are answered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.reach import percent
from simcoalesce.conditions.selection import base_of, selector_of
from simcoalesce.experiment.difference import paired_change, welch_change
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics import METRICS
from simcoalesce.model.layer import Layer
from simcoalesce.plain import plain_fields
from simcoalesce.scenario.scenario import Scenario

MARGIN_RATIO: Final = 0.01
"""Shares of errors that differ by more of the requests make latencies no comparison.

The median moves by half of that share at most in rank, so this is a narrow margin."""

_ALL: Final = "latency_all_"
_FAILED: Final = "latency_error_"
_PREFIX: Final = "latency_"
_AGE: Final = "age_"
_TOLD: Final = ("requests", "errors", "origin_failed", "origin_rejected")
"""What says how many requests of a part got an error, and why."""
_FAILED_SOMEHOW: Final = Layer.says_error


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
        reason: Why numbers of answered requests are not comparable; None if they are.
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
        selector: str = "",
    ) -> Self:
        """Return the shares of a base and another scenario.

        Latencies are comparable if the whole 95 % interval of the change lies within
        the margin; with one run, which has none, the change itself.

        Args:
            scenarios: The base and the other.
            measured: What they measured, and of a part what `compared_by` names.
            is_paired: Whether both had the same arrivals.
            selector: Of which part of the requests, with its brackets; of all if empty.
        """
        before, after = (error_ratios(one, selector) for one in measured)
        base, other = (estimate(one, unit="ratio") for one in (before, after))
        change = welch_change(base, other)[0]
        if is_paired:
            change = paired_change(before, after, unit="ratio")
        reason = None
        if not _is_within(change):
            words = [
                _words(scenario, one, selector)
                for scenario, one in zip(scenarios, measured, strict=True)
            ]
            reason = _reason((base, other), words, change)
        return cls(base, other, change, MARGIN_RATIO, reason)

    def document(self) -> dict[str, Any]:
        """Return the shares as plain values."""
        return plain_fields(self)


def shares_of_parts(
    scenarios: tuple[Scenario, Scenario],
    measured: tuple[MetricValues, MetricValues],
    metrics: Iterable[str],
    *,
    is_paired: bool,
) -> dict[str, ErrorShares]:
    """Return the shares of all requests, and of the parts that latencies are of.

    Returns:
        By selectors; those of all requests have none.
    """
    selectors = ("", *map(selector_of, filter(compared_by, metrics)))
    return {
        selector: ErrorShares.of(
            scenarios, measured, is_paired=is_paired, selector=selector
        )
        for selector in selectors
    }


def is_of_answered(metric: str) -> bool:
    """Return whether a metric is of answered requests only, or of errors.

    So are latencies, and ages of what was served.
    """
    return metric.startswith((_PREFIX, _AGE)) and not is_of_all(metric)


def is_of_all(metric: str) -> bool:
    """Return whether a metric is a latency of all requests, answered or not."""
    return metric.startswith(_ALL)


def over_all_requests(metric: str) -> str | None:
    """Return the metric that says the same of all requests; None if there is none."""
    if not is_of_answered(metric):
        return None
    prefix = _FAILED if metric.startswith(_FAILED) else _PREFIX
    name = f"{_ALL}{metric.removeprefix(prefix)}"
    return name if base_of(name) in METRICS else None


def with_all_requests(
    metrics: Sequence[str], reason: Callable[[str], str | None]
) -> list[str]:
    """Return the metrics, and behind what is not comparable that of all requests."""
    found: list[str] = []
    for metric in metrics:
        over_all = over_all_requests(metric) if reason(metric) else None
        found += [metric, *([over_all] if over_all else [])]
    return list(dict.fromkeys(found))


def compared_by(metric: str) -> tuple[str, ...]:
    """Return what of a part of the requests says whether its latencies compare."""
    selector = selector_of(metric)
    if not selector or not metric.startswith((_PREFIX, _AGE)):
        return ()
    over_all = over_all_requests(metric)
    return (*(f"{name}{selector}" for name in _TOLD), *([over_all] if over_all else []))


def same_are_answered(
    base: MetricValues, other: MetricValues, selector: str = ""
) -> bool:
    """Return whether paired runs answer the same requests, within the margin.

    Of a part of the requests they must have measured what `compared_by` names.
    """
    shares = error_ratios(base, selector), error_ratios(other, selector)
    return _is_within(paired_change(*shares, unit="ratio"))


def error_ratios(measured: MetricValues, selector: str = "") -> list[float | None]:
    """Return which share of the requests, or of a part, got an error in each run."""
    return [
        errors / requests if requests and errors is not None else None
        for requests, errors in _requests_and_errors(measured, selector)
    ]


def _requests_and_errors(
    measured: MetricValues, selector: str
) -> Iterator[tuple[float | None, float | None]]:
    requests, errors = (
        measured.values[f"{name}{selector}"] for name in ("requests", "errors")
    )
    return zip(requests, errors, strict=True)


def coverage(metric: str, measured: MetricValues) -> Coverage | None:
    """Return how many requests of a run a latency is of; None of other metrics."""
    if not is_of_answered(metric) or metric.startswith(_AGE):
        return None
    runs = [
        (int(requests), int(errors))
        for requests, errors in _requests_and_errors(measured, selector_of(metric))
        if requests is not None and errors is not None
    ]
    if not runs:
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


def _words(scenario: Scenario, measured: MetricValues, selector: str) -> str:
    """Return what became of the requests with an error, as far as that is known."""
    failed, rejected, errors = (
        measured.values[f"{name}{selector}"]
        for name in ("origin_failed", "origin_rejected", "errors")
    )
    if any(failed):
        return _FAILED_SOMEHOW
    if rejected == errors:
        return "were refused"
    made = any(rejected) or any(measured.values["kv_writes_refused"])
    words = {layer.says_error for layer in scenario.path if layer.makes_errors}
    return words.pop() if len(words) == 1 and not made else _FAILED_SOMEHOW


def _percent(ratio: float | None) -> str:
    known = ratio or 0.0
    return f"{100 * known:.0f} %" if known >= 0.1 else percent(known)
