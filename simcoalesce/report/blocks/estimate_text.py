"""Estimates as people read them: the mean in its unit, and how well it is known."""

from collections.abc import Callable, Mapping
from math import inf, isfinite, isinf
from typing import Final

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.over_runs import RunShare
from simcoalesce.conditions.statement import Evaluation
from simcoalesce.conditions.truth import Truth
from simcoalesce.report.blocks.number_format import count, duration, money, share

_WRITE: Final[Mapping[str, Callable[[float], str]]] = {
    "1": count,
    "s": duration,
    "1/s": lambda rate_per_s: f"{count(rate_per_s)}/s",
    "ratio": lambda ratio: share(ratio, 1),
    "USD": money,
}


def value_text(value: float, unit: str) -> str:
    """Write a number of a metric in the metric's unit.

    >>> value_text(0.205, "s"), value_text(0.9, "ratio"), value_text(800, "1/s")
    ('205 ms', '90 %', '800/s')
    """
    return _WRITE[unit](value)


def known_text(known: Estimate, unit: str) -> str:
    """Write a mean and behind it its interval, unless that has no width.

    A number that no run has is a dash. Of a condition that is true in no run, or in
    all, its reach says more than an interval.
    """
    if known.mean is None:
        return "never" if known.low == inf else "-"
    if in_runs := modes_text(known, lambda value: value_text(value, unit)):
        return in_runs
    mean = value_text(known.mean, unit)
    if known.low is None or known.high is None or known.low == known.high:
        return mean
    if isinstance(known.over_runs, RunShare) and known.mean in {0, 1}:
        return mean
    if isinf(known.low) or isinf(known.high):
        return f"{mean}{_open_interval(known, unit)}"
    # A spread of zero or more never goes below zero, even if its interval does.
    low = value_text(max(known.low, 0.0) if known.mean >= 0 else known.low, unit)
    return f"{mean} [{low} to {value_text(known.high, unit)}]"


def modes_text(known: Estimate, write: Callable[[float], str]) -> str:
    """Write a time that lies in several groups, or that only some runs have.

    Nothing happens at the mean of such times. Empty if one group has all runs.
    """
    if known.modes:
        first, *others = known.modes
        told = [f"{write(first.mean)} in {first.runs} of {known.n} runs"]
        told += [f"{write(one.mean)} in {_number(one.runs)}" for one in others]
        text = ", ".join(told)
        missing = known.runs - known.n
        return f"{text}, none in {_number(missing)}" if missing > 0 else text
    if known.mean is not None and known.high == inf and known.n < known.runs:
        return f"{write(known.mean)} in {known.n} of {known.runs} runs, else never"
    return ""


def _number(runs: int) -> str:
    return "one" if runs == 1 else str(runs)


def _open_interval(known: Estimate, unit: str) -> str:
    """Return an interval of which too few runs know an end."""
    low, high = known.low or 0.0, known.high or 0.0
    if isfinite(low):
        least = value_text(low, unit)
        return f" [{least} to never]" if not known.over_runs else f" [at least {least}]"
    return f" [at most {value_text(high, unit)}]" if isfinite(high) else ""


def reach_text(evaluation: Evaluation, passing: Truth = "holds") -> str:
    """Return how far what decides extends beyond the runs; empty if that says nothing.

    That a number was the same in all runs matters where the runs would pass by it.
    """
    is_passed = evaluation.truth == passing or evaluation.rare_ratio
    return evaluation.reach_text if is_passed or evaluation.known.over_runs else ""


def mean_text(known: Estimate, unit: str) -> str:
    """Write a mean; a dash if no run has the number."""
    return value_or_dash(known.mean, unit)


def value_or_dash(value: float | None, unit: str) -> str:
    """Write a number in its unit; a dash if there is none."""
    return "-" if value is None else value_text(value, unit)


def within(known: Estimate) -> str:
    """Return a mean, and half of its interval unless that has no width."""
    if known.mean is None:
        return "-"
    half = known.half_width
    return f"{count(known.mean)} ± {count(half)}" if half else count(known.mean)
