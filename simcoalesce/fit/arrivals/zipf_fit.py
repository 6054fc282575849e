"""Zipf's law from the spectrum of counts: how many keys were asked for r times."""

from collections.abc import Callable
from dataclasses import dataclass
from math import lgamma
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.arrivals.observed_arrivals import Floats
from simcoalesce.randomness import Stream
from simcoalesce.traffic.alias_table import AliasTable

BOOTSTRAPS: Final = 25
_EXACT_RANKS: Final = 40
_RATIO: Final = 1.08
_EXACT_COUNTS: Final = 30
_MOST_KEYS: Final = 5_000_000
_LARGEST_S: Final = 3.0
_TINY: Final = 1e-300
_T_95: Final = 2.064 * (1 + 1 / BOOTSTRAPS) ** 0.5 * 1.1
"""Student's t of 24 degrees of freedom; the bias is known from 25 samples only, and a
tenth is for what is left of it."""


@dataclass(frozen=True)
class ZipfFit:
    """Exponent and number of keys, without bias.

    Attributes:
        s: The exponent.
        n: How many keys there are, those that nobody asked for included.
        s_interval: 95 %, from a parametric bootstrap.
        n_interval: The same.
        rows: Equally likely pairs (s, n) of the bootstrap, shape (25, 2).
        discrepancy: Chi squared over degrees of freedom of the spectrum: about 1 if
            keys follow the law.
    """

    s: float
    n: int
    s_interval: tuple[float, float]
    n_interval: tuple[int, int]
    rows: Floats
    discrepancy: float


def zipf_fit(asked: NDArray[np.int64]) -> ZipfFit | None:
    """Return the law that fits how often keys were asked for; None for a few keys.

    The likelihood is that of the spectrum of counts. That by the observed rank is
    biased: of keys asked for once, chance decides the rank. What bias remains is
    removed by a parametric bootstrap, which gives the intervals too.

    Args:
        asked: How often each key was asked for, zeros left out, shape (keys,).
    """
    requests, keys = int(asked.sum()), len(asked)
    if keys < 5 or requests < 50:
        return None
    spectrum = _Spectrum(requests, int(asked.max()))
    counts = spectrum.of(asked)
    raw_s, raw_n = spectrum.fitted(counts, keys)
    rows = np.empty((BOOTSTRAPS, 2))
    for number in range(BOOTSTRAPS):
        again = _drawn(raw_s, raw_n, requests, number)
        spectrum_again = _Spectrum(requests, int(again.max()))
        fitted = spectrum_again.fitted(
            spectrum_again.of(again), len(again), (raw_s, raw_n)
        )
        # What the bootstrap adds to the fit, the fit has added to the truth.
        rows[number] = 2 * raw_s - fitted[0], raw_n * raw_n / fitted[1]
    rows[:, 0] = np.clip(rows[:, 0], 0.0, _LARGEST_S)
    rows[:, 1] = np.maximum(np.rint(rows[:, 1]), keys)
    s, log_n = float(rows[:, 0].mean()), float(np.log(rows[:, 1]).mean())
    half_s = _T_95 * float(rows[:, 0].std(ddof=1))
    half_n = _T_95 * float(np.log(rows[:, 1]).std(ddof=1))
    ends = (max(keys, round(np.exp(log_n + sign * half_n))) for sign in (-1, 1))
    n = max(round(float(np.exp(log_n))), keys)
    return ZipfFit(
        s,
        n,
        (max(s - half_s, 0.0), s + half_s),
        (next(ends), next(ends)),
        rows,
        spectrum.discrepancy(counts, raw_s, raw_n),
    )


def _drawn(s: float, n: int, requests: int, number: int) -> NDArray[np.int64]:
    """Return how often keys are asked for in a log drawn from the law."""
    table = AliasTable(np.arange(1, n + 1, dtype=np.float64) ** -s)
    uniforms = Stream(1, f"fit.zipf.{number}").uniforms(np.arange(requests))
    asked = np.bincount(table.choose(uniforms), minlength=n)
    return asked[asked > 0]


class _Spectrum:
    """The expected spectrum of so many requests; large counts share bins."""

    def __init__(self, requests: int, most: int) -> None:
        self._requests = requests
        small = np.arange(1, _EXACT_COUNTS + 2, dtype=np.float64)
        ends = [float(_EXACT_COUNTS + 1)]
        while ends[-1] <= most:
            ends.append(float(np.ceil(ends[-1] * 1.25)))
        self._small = small[:-1]
        self._log_factorials = np.array([lgamma(r + 1) for r in self._small])
        self._ends = np.array(ends)
        self._edges = np.concatenate([small[:-1], self._ends, [np.inf]])

    def of(self, asked: NDArray[np.int64]) -> Floats:
        """Return the observed spectrum, shape (bins,)."""
        return np.histogram(asked, bins=self._edges)[0].astype(np.float64)

    def expected(self, s: float, n: int) -> Floats:
        """Return how many keys are expected in each bin."""
        ranks, widths = _blocks(n)
        weights = ranks**-s
        means = self._requests * weights / (weights * widths).sum()
        logs = np.log(np.maximum(means, _TINY))[:, None]
        small = np.exp(self._small * logs - means[:, None] - self._log_factorials)
        below = _poisson_below(self._ends, means[:, None])
        large = np.diff(below, axis=1, append=1.0)
        found: Floats = widths @ np.concatenate([small, large], axis=1)
        return found

    def log_likelihood(self, counts: Floats, s: float, n: int) -> float:
        """Return the log-likelihood of a spectrum, up to a constant."""
        means = np.maximum(self.expected(s, n), _TINY)
        return float((counts * np.log(means) - means).sum())

    def discrepancy(self, counts: Floats, s: float, n: int) -> float:
        """Return chi squared over degrees of freedom, of bins with some keys."""
        means = self.expected(s, n)
        known = means >= 3
        squares = ((counts - means)[known] ** 2 / means[known]).sum()
        return float(squares / max(int(known.sum()) - 2, 1))

    def fitted(
        self, counts: Floats, keys: int, near: tuple[float, int] | None = None
    ) -> tuple[float, int]:
        """Return the exponent and the number of keys with the largest likelihood."""
        if near is None:
            low, high = np.log(keys), np.log(min(keys * 100.0, _MOST_KEYS))
            s_low, s_high = 0.0, _LARGEST_S
        else:
            low = np.log(max(keys, near[1] * 0.6))
            high = max(np.log(min(near[1] * 1.8, _MOST_KEYS)), low + 1e-6)
            s_low, s_high = max(near[0] - 0.25, 0.0), near[0] + 0.25

        def at(log_n: float) -> tuple[float, float]:
            n = round(float(np.exp(log_n)))
            return _largest(lambda s: self.log_likelihood(counts, s, n), s_low, s_high)

        log_n, _ = _largest(lambda one: at(one)[1], float(low), float(high))
        return at(log_n)[0], max(round(float(np.exp(log_n))), keys)


def _blocks(n: int) -> tuple[Floats, Floats]:
    """Return representative ranks, and how many ranks each stands for."""
    edges = [float(one) for one in range(1, min(_EXACT_RANKS, n) + 1)]
    while edges[-1] < n:
        edges.append(float(min(np.ceil(edges[-1] * _RATIO), n)))
    ends = np.array([*edges, n + 1.0])
    widths = np.diff(ends)
    return (ends[:-1] + ends[1:] - 1) / 2, widths


def _poisson_below(count: Floats, means: Floats) -> Floats:
    """Return the probability of fewer than counts above 30, by Wilson and Hilferty.

    Source:
        Wilson and Hilferty, PNAS 17 (1931): chi squared to the power of 1/3 is nearly
        normal; a Poisson number is below k if chi squared of 2k exceeds twice its mean.
    """
    ninth = 1 / (9 * count)
    z = (np.cbrt(np.maximum(means, _TINY) / count) - 1 + ninth) / np.sqrt(ninth)
    return 1.0 - _normal(z)


def _normal(z: Floats) -> Floats:
    """Return the distribution function of the normal distribution, to 8e-8.

    Source:
        Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.2.17.
    """
    t = 1 / (1 + 0.2316419 * np.abs(z))
    series = t * (
        0.319381530
        + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))
    )
    tail = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * series
    found: Floats = np.where(z >= 0, 1 - tail, tail)
    return found


def _largest(
    function: Callable[[float], float], low: float, high: float
) -> tuple[float, float]:
    """Return where a function with one peak is largest, and how large it is there."""
    golden = (5**0.5 - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > 1e-3:
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = function(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = function(left)
    return (left, at_left) if at_left > at_right else (right, at_right)
