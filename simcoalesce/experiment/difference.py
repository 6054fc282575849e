"""Differences: a metric of two scenarios, pair by pair, with a verdict in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf, isinf, sqrt
from typing import Any, Final, Literal

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.student_t import t_coverage, t_quantile
from simcoalesce.experiment.direction import direction_of
from simcoalesce.experiment.metric_values import MONTH, MetricValues
from simcoalesce.metrics import metric_of
from simcoalesce.plain import plain_fields

VerdictWord = Literal[
    "better", "worse", "lower", "higher", "same", "undecided", "not comparable"
]
"""lower and higher are for metrics of which neither is better in itself."""

Column = Sequence[float | None]
"""A number in each replication; None where it does not exist."""

_SIGNIFICANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """How a metric changes from a base to another scenario.

    Attributes:
        metric: Its name.
        base: The estimate of the base.
        other: The estimate of the other.
        change: Other minus base: its mean and 95 % Student-t interval. Paired: of the
            differences seed by seed; unpaired: Welch's.
        better_in: In how many pairs the other is better, or lower where neither is
            better in itself; None if they are no pairs, or not comparable.
        p_value: Of no difference, two-sided; Holm-adjusted once in a comparison. None
            if there is no interval.
        verdict: What follows.
        replications_to_decide: Roughly how many seeds would decide; None if these do,
            or nothing is known of it.
    """

    metric: str
    base: Estimate
    other: Estimate
    change: Estimate
    better_in: int | None
    p_value: float | None
    verdict: VerdictWord = "undecided"
    replications_to_decide: int | None = None
    reason: str | None = None

    def document(self) -> dict[str, Any]:
        """Return the difference as plain values."""
        return plain_fields(self)


def paired(metric: str, base: MetricValues, other: MetricValues) -> Difference:
    """Return the difference of a metric, seed by seed, without a verdict yet.

    Pairs of which one has no such number are left out, and counted in the reason. An
    instant that never comes is infinitely later than one that comes.

    Source:
        Law, Simulation Modeling and Analysis, 5th ed., sections 10.2.1 and 11.2.
    """
    values, unit = (base.column(metric), other.column(metric)), metric_of(metric).unit
    change, better = paired_change(*values, unit=unit), direction_of(metric) or -1
    pairs = [one for one in _changes(*values) if one is not None]
    found = Difference(
        metric,
        base.estimate(metric),
        other.estimate(metric),
        replace(change, n=len(pairs)),
        sum(1 for one in pairs if one * better > 0),
        _p_value(change, change.n - 1),
    )
    return _rounded(found, base, other)


def paired_change(base: Column, other: Column, *, unit: str) -> Estimate:
    """Return other minus base, seed by seed, with its 95 % interval."""
    return estimate(_changes(base, other), unit=unit, missing="it has no pair")


def _changes(base: Column, other: Column) -> list[float | None]:
    pairs = zip(base, other, strict=True)
    return [None if a is None or b is None else _later(b, a) for a, b in pairs]


def _later(b: float, a: float) -> float:
    """Return how much later b is; never is as late as never."""
    return 0.0 if a == b else b - a


def unpaired(metric: str, base: MetricValues, other: MetricValues) -> Difference:
    """Return the difference of a metric of independent runs, without a verdict yet.

    Source:
        Welch, Biometrika 34 (1947), pp. 28-35; degrees of freedom rounded down.
    """
    a, b = base.estimate(metric), other.estimate(metric)
    change, freedom = welch_change(a, b)
    columns = base.column(metric), other.column(metric)
    if any(inf in column for column in columns):
        change, freedom = _change_of_never(*columns, change), 0
    found = Difference(metric, a, b, change, None, _p_value(change, freedom))
    return _rounded(found, base, other)


def _rounded(
    difference: Difference, base: MetricValues, other: MetricValues
) -> Difference:
    """Return the change of a month's bill, as far as begun amounts leave it open."""
    change = difference.change
    if difference.metric != MONTH or not (change.mean or change.sd):
        return difference
    (below, above), (fell, rose) = base.rounding_usd, other.rounding_usd
    if not below + above + fell + rose:
        return difference
    change = change.widened(fell + above, rose + below)
    is_open = (change.low or 0.0) <= 0.0 <= (change.high or 0.0)
    p_value = 1.0 if is_open and difference.p_value is not None else difference.p_value
    return replace(difference, change=change, p_value=p_value)


def welch_change(a: Estimate, b: Estimate) -> tuple[Estimate, int]:
    """Return b minus a with Welch's interval, and its degrees of freedom."""
    reason = a.reason or b.reason
    n = min(a.n, b.n)
    if a.mean is None or b.mean is None:
        return Estimate(None, None, None, None, 0, a.unit, reason), 0
    mean = b.mean - a.mean
    if a.sd is None or b.sd is None:
        return Estimate(mean, None, None, None, n, a.unit, reason), 0
    of_a, of_b = a.sd**2 / a.n, b.sd**2 / b.n
    error = sqrt(of_a + of_b)
    spread = of_a**2 / (a.n - 1) + of_b**2 / (b.n - 1)
    freedom = max(int(error**4 / spread), 1) if spread else n - 1
    half = t_quantile(freedom) * error
    sd = error * sqrt(n)
    return Estimate(mean, sd, mean - half, mean + half, n, a.unit, reason), freedom


def _change_of_never(base: Column, other: Column, known: Estimate) -> Estimate:
    """Return the change of an instant that does not come in all runs of two scenarios.

    It is known only if it comes in all runs or in none, before and after.
    """
    low, high = -inf, inf
    if all(len({one == inf for one in column}) == 1 for column in (base, other)):
        low = high = _later(other[0] or 0.0, base[0] or 0.0)
    return replace(known, mean=None, sd=None, low=low, high=high)


def _p_value(change: Estimate, freedom: int) -> float | None:
    low, high = change.low or 0.0, change.high or 0.0
    if isinf(low) or isinf(high):
        # What is infinite is beyond all that chance does; the rest may still be chance.
        if low == high:
            return 0.0
        if low <= 0 <= high:
            return 1.0
    if change.mean is None or change.sd is None:
        return None
    if not change.sd:
        return 1.0 if not change.mean else 0.0
    t = abs(change.mean) / (change.sd / sqrt(change.n))
    return 1.0 - t_coverage(t, freedom)


def with_verdicts(
    differences: Sequence[Difference],
    *,
    margin_ratio: float,
    neutral: Collection[str] = (),
) -> tuple[Difference, ...]:
    """Return all differences of a comparison with their verdicts.

    "Same" needs a whole 95 % interval within the margin around no change; better and
    worse need a Holm-adjusted p-value below 5 %; what is neither is undecided. What is
    not comparable keeps that verdict, and is no test of those that Holm adjusts.

    Args:
        differences: All of the comparison.
        margin_ratio: Up to which share of the base a change does not matter.
        neutral: Metrics that are only lower or higher here, neither of it better.

    Source:
        Holm, Scandinavian Journal of Statistics 6 (1979), pp. 65-70.
    """
    adjusted = _holm([one.p_value for one in differences])
    return tuple(
        _with_verdict(replace(one, p_value=p), margin_ratio, neutral)
        for one, p in zip(differences, adjusted, strict=True)
    )


def not_comparable(difference: Difference, reason: str) -> Difference:
    """Return a difference that says nothing of what is better, and why."""
    return replace(
        difference,
        better_in=None,
        p_value=None,
        verdict="not comparable",
        reason=reason,
    )


def undecided(difference: Difference) -> Difference:
    """Return a difference from which nothing follows, however many runs there are."""
    return replace(
        difference, better_in=None, p_value=None, verdict="undecided", reason=None
    )


def _holm(p_values: Sequence[float | None]) -> list[float | None]:
    known = sorted((p, index) for index, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, index) in enumerate(known):
        highest = max(highest, min(1.0, p * (len(known) - rank)))
        adjusted[index] = highest
    return adjusted


def _with_verdict(
    difference: Difference, margin_ratio: float, neutral: Collection[str]
) -> Difference:
    change = difference.change
    if difference.reason or change.low is None or change.high is None:
        return difference
    mean = change.low if change.mean is None else change.mean
    margin = margin_ratio * abs(difference.base.mean or 0.0)
    if -margin <= change.low and change.high <= margin:
        return replace(difference, verdict="same")
    if difference.p_value is not None and difference.p_value < _SIGNIFICANCE:
        direction = direction_of(difference.metric)
        is_neutral = direction is None or difference.metric in neutral
        verdict = _direction(None if is_neutral else direction, mean)
        return replace(difference, verdict=verdict)
    return replace(difference, replications_to_decide=_needed(change, margin))


def _direction(direction: int | None, mean: float) -> VerdictWord:
    if direction is None:
        return "higher" if mean > 0 else "lower"
    return "better" if mean * direction > 0 else "worse"


def _needed(change: Estimate, margin: float) -> int | None:
    """Return roughly how many seeds part the interval from zero, or fit the margin."""
    if change.mean is None or not change.sd:
        return None
    apart = max(abs(change.mean), abs(margin - abs(change.mean)))
    if not apart:
        return None
    return max(ceil((t_quantile(1_000) * change.sd / apart) ** 2), change.n) + 1
