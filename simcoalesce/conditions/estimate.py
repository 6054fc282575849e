"""Estimates: a metric over independent replications, with its 95 % interval."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf, isfinite, isinf
from typing import Any, Final

from simcoalesce.conditions.mean_interval import mean_interval
from simcoalesce.conditions.modes import Mode, modes_of
from simcoalesce.conditions.over_runs import (
    MEAN,
    OverRuns,
    RunQuantile,
    RunShare,
    Summary,
)

_HALF_MISS: Final = 0.025
"""The probability of an error on either side of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of a metric over replications, and how well it is known.

    Attributes:
        mean: Mean over the replications in which the metric exists; None without any.
        sd: Sample standard deviation between them; None for fewer than two.
        low: Lower end of the 95 % interval of the mean; None for fewer than two.
        high: Upper end of the 95 % interval of the mean; None for fewer than two.
        n: In how many replications the metric exists.
        unit: The unit of the metric.
        reason: Why the metric is missing, and in how many replications; None if it is
            in all of them.
        over_runs: What is known of a share of the runs or a quantile, of which `mean`
            is then the estimate; None for a mean.
        is_certain: Whether nothing in the scenario can make it another number.
        modes: Groups of runs that are far from each other; empty if they are one group,
            or not looked for.
        runs: How many replications there are, where that is known.
    """

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    reason: str | None = None
    over_runs: OverRuns | None = field(default=None, repr=False)
    is_certain: bool = field(default=False, repr=False)
    modes: tuple[Mode, ...] = field(default=(), repr=False)
    runs: int = field(default=0, repr=False)

    @property
    def is_same(self) -> bool:
        """Whether it is a number that was the same in all of several runs."""
        has_width = self.low is None or self.low != self.high
        return self.n > 1 and not has_width and self.over_runs is None

    @property
    def is_apart(self) -> bool:
        """Whether runs are so far from each other that nothing happens at the mean.

        They lie in groups, or some have an instant that never comes in others.
        """
        ends = (one for one in (self.low, self.high) if one is not None)
        is_open = self.mean is not None and any(map(isinf, ends))
        return bool(self.modes) or (is_open and self.over_runs is None)

    @property
    def point(self) -> float | None:
        """The mean, share or quantile; infinite for an instant that never comes."""
        if self.mean is None and self.over_runs is not None:
            return self.over_runs.value
        return self.low if self.mean is None else self.mean

    @property
    def ci95(self) -> list[float] | None:
        """The ends of the 95 % interval; None if it has not two that are finite."""
        if self.low is None or self.high is None:
            return None
        is_finite = isfinite(self.low) and isfinite(self.high)
        return [self.low, self.high] if is_finite else None

    @property
    def half_width(self) -> float:
        """How far the further end of the interval is from the mean; 0 without one."""
        if self.mean is None or self.low is None or self.high is None:
            return 0.0
        return max(self.mean - self.low, self.high - self.mean)

    def widened(self, below: float, above: float) -> "Estimate":
        """Return the estimate with an interval that reaches further, if it has one."""
        if self.low is None or self.high is None:
            return self
        return replace(self, low=self.low - below, high=self.high + above)

    def document(self) -> dict[str, Any]:
        """Return the estimate as the result document shows it."""
        document: dict[str, Any] = {
            "mean": self.mean,
            "sd": self.sd,
            "ci95": self.ci95,
            "n": self.n,
            "unit": self.unit,
        }
        if self.modes:
            document["modes"] = [mode._asdict() for mode in self.modes]
        return document if self.reason is None else document | {"reason": self.reason}

    def with_modes(self, values: Sequence[float | None]) -> "Estimate":
        """Return the estimate with the groups of the numbers that it is of."""
        known = [one for one in values if one is not None and isfinite(one)]
        return replace(self, modes=modes_of(known), runs=len(values))


def estimate(
    values: Sequence[float | None],
    *,
    unit: str,
    missing: str = "",
    is_positive: bool = False,
) -> Estimate:
    """Return mean, spread and 95 % interval of a metric over replications.

    A replication that has no such metric counts neither as zero nor silently: the
    estimate is of those that have it, and its reason says how many have not. An instant
    that never comes is infinite, later than any time: then the mean is of those that
    come, and the interval has no end.

    Args:
        values: The metric in each replication; None where it does not exist.
        unit: The unit of the metric.
        missing: Why a replication may have no such metric.
        is_positive: Whether no replication can have a number below 0, as of metrics.
    """
    known = [float(value) for value in values if value is not None]
    reason = _reason(missing, absent=len(values) - len(known), total=len(values))
    if not known:
        return Estimate(None, None, None, None, 0, unit, reason)
    if beyond := [value for value in known if isinf(value)]:
        finite = [value for value in known if isfinite(value)]
        within = estimate(finite, unit=unit, is_positive=is_positive)
        return _beyond(within, beyond, reason)
    mean = known[0]
    if len(known) == 1:
        return Estimate(mean, None, None, None, 1, unit, reason)
    if known.count(mean) == len(known):
        # Equal values have exactly their own mean, and an interval without width.
        return Estimate(mean, 0.0, mean, mean, len(known), unit, reason)
    interval = mean_interval(known, is_positive=is_positive)
    return Estimate(*interval, len(known), unit, reason)


def _beyond(within: Estimate, beyond: Sequence[float], reason: str | None) -> Estimate:
    """Return the estimate of finite numbers and of some that are infinite."""
    if not within.n:
        low, high, n = min(beyond), max(beyond), len(beyond)
        return Estimate(None, None, low, high, n, within.unit, reason)
    low = -inf if within.low is None else min(within.low, *beyond)
    high = inf if within.high is None else max(within.high, *beyond)
    return replace(within, low=low, high=high, reason=reason)


def estimate_over_runs(
    values: Sequence[float | None],
    summary: Summary,
    *,
    unit: str,
    missing: str = "",
    is_positive: bool = False,
) -> Estimate:
    """Return the estimate of a mean, of a share of the runs, or of a quantile.

    Args:
        values: The number in each run; for a share 1 where the condition is true.
        summary: Which of them.
        unit: The unit of the estimate.
        missing: Why a run may have no such number.
        is_positive: Whether no run can have a number below 0.
    """
    if summary == MEAN:
        return estimate(values, unit=unit, missing=missing, is_positive=is_positive)
    known = sorted(value for value in values if value is not None)
    reason = _reason(missing, absent=len(values) - len(known), total=len(values))
    if not known:
        return Estimate(None, None, None, None, 0, unit, reason)
    over_runs: OverRuns = RunQuantile(summary.level, known)
    if summary.kind == "share":
        over_runs = RunShare(round(sum(known)), len(known))
    low, high = over_runs.bounds(_HALF_MISS)
    known_as = over_runs.value if isfinite(over_runs.value) else None
    return Estimate(known_as, None, low, high, len(known), unit, reason, over_runs)


def _reason(missing: str, *, absent: int, total: int) -> str | None:
    if not absent and total:
        return None
    why = missing or "it does not exist"
    return f"{why} in {absent} of {total} replications"
