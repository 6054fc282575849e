"""Estimates: a metric over independent replications, with its 95 % interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import atan, cos, erf, fsum, pi, sin, sqrt, tan
from typing import Any, Final

_COVERAGE: Final = 0.95
_NORMAL_975: Final = 1.959963984540054
_MANY: Final = 1_000
"""Degrees of freedom from which on the expansion of Student's t is exact enough."""


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
    """

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    reason: str | None = None

    def document(self) -> dict[str, Any]:
        """Return the estimate as the result document shows it."""
        has_interval = self.low is not None and self.high is not None
        document = {
            "mean": self.mean,
            "sd": self.sd,
            "ci95": [self.low, self.high] if has_interval else None,
            "n": self.n,
            "unit": self.unit,
        }
        return document if self.reason is None else document | {"reason": self.reason}


def estimate(
    values: Sequence[float | None], *, unit: str, missing: str = ""
) -> Estimate:
    """Return mean, spread and 95 % Student-t interval of a metric over replications.

    A replication that has no such metric counts neither as zero nor silently: the
    estimate is of those that have it, and its reason says how many have not.

    Args:
        values: The metric in each replication; None where it does not exist.
        unit: The unit of the metric.
        missing: Why a replication may have no such metric.

    Source:
        Law, Simulation Modeling and Analysis, 5th ed., section 4.5.
    """
    known = [float(value) for value in values if value is not None]
    reason = _reason(missing, absent=len(values) - len(known), total=len(values))
    if not known:
        return Estimate(None, None, None, None, 0, unit, reason)
    mean = known[0]
    if len(known) == 1:
        return Estimate(mean, None, None, None, 1, unit, reason)
    if known.count(mean) == len(known):
        # Equal values have exactly their own mean, and an interval without width.
        return Estimate(mean, 0.0, mean, mean, len(known), unit, reason)
    mean = fsum(known) / len(known)
    squares = fsum((value - mean) ** 2 for value in known)
    sd = sqrt(squares / (len(known) - 1))
    half = t_quantile(len(known) - 1) * sd / sqrt(len(known))
    return Estimate(mean, sd, mean - half, mean + half, len(known), unit, reason)


def _reason(missing: str, *, absent: int, total: int) -> str | None:
    if not absent and total:
        return None
    why = missing or "it does not exist"
    return f"{why} in {absent} of {total} replications"


@cache
def t_quantile(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t, right to 9 digits.

    Args:
        freedom: Degrees of freedom, at least 1.

    Raises:
        ValueError: If there is no degree of freedom.

    Source:
        Abramowitz and Stegun, 26.7.3 and 26.7.4 (exact coverage for whole degrees of
        freedom, solved by bisection), 26.7.5 (expansion for many).
    """
    if freedom < 1:
        raise ValueError(f"{freedom} degrees of freedom; two replications have one")
    if freedom >= _MANY:
        return _expansion(freedom)
    low, high = atan(_NORMAL_975 / sqrt(freedom)), pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        is_short = _covered(middle, freedom) < _COVERAGE
        low, high = (middle, high) if is_short else (low, middle)
    return sqrt(freedom) * tan(low)


def t_coverage(t: float, freedom: int) -> float:
    """Return P(|T| < t) for Student's T; from a thousand degrees on, the normal one's.

    Args:
        t: Not negative.
        freedom: Degrees of freedom, at least 1.
    """
    if freedom >= _MANY:
        return erf(t / sqrt(2))
    return _covered(atan(t / sqrt(freedom)), freedom)


def _covered(angle: float, freedom: int) -> float:
    """Return P(|T| < sqrt(freedom) tan(angle))."""
    cosine, sine, odd = cos(angle), sin(angle), freedom % 2
    term = cosine if odd else 1.0
    terms = [] if freedom == 1 else [term]
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine**2 * (k - 1) / k
        terms.append(term)
    total = sine * fsum(terms)
    return 2 / pi * (angle + total) if odd else total


def _expansion(freedom: int) -> float:
    z = _NORMAL_975
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2
