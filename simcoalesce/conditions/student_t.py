"""Student's t: its quantile and its coverage, without SciPy."""

from functools import cache
from math import atan, cos, erf, fsum, pi, sin, sqrt, tan
from typing import Final

_COVERAGE: Final = 0.95
_NORMAL_975: Final = 1.959963984540054
_MANY: Final = 1_000
"""Degrees of freedom from which on the expansion of Student's t is exact enough."""


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
