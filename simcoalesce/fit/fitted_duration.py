"""Fitted durations: a constant, a lognormal, or the durations themselves."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.fitted_value import CompanionFile
from simcoalesce.fit.written import roundest, written_seconds

_NARROW_S: Final = 0.006
_NARROW_RATIO: Final = 0.04
_Z99: Final = 2.3263478740408408
_Z975: Final = 1.96
_FEWEST_FOR_FILE: Final = 200
_MOST_IN_FILE: Final = 2_000
_TOLERATED: Final = 1.63
"""Kolmogorov's distance at 1 %, times the square root of the number."""


@dataclass(frozen=True)
class FittedDuration:
    """How long something takes.

    Attributes:
        written: As a scenario writes it.
        text: What the table shows.
        median_s: The median.
        interval: The 95 % interval of the median, as a scenario writes it.
        distance_ratio: The largest distance from the durations' own distribution.
        draws: What ``run --uncertain`` draws, by the path below the latency.
        other: What else could be written, and how far that is.
    """

    written: Any
    text: str
    median_s: float
    interval: tuple[str, str]
    distance_ratio: float = 0.0
    draws: tuple[tuple[str, str], ...] = ()
    other: str = ""


def fitted_duration(duration_s: NDArray[np.float64], name: str) -> FittedDuration:
    """Return the distribution of durations.

    Args:
        duration_s: At least one.
        name: What a file of them is called, if no distribution fits.
    """
    low, median, high = np.quantile(duration_s, [0.02, 0.5, 0.98]).tolist()
    spread = median * 0.5 / max(len(duration_s), 1) ** 0.5
    if high - low <= max(_NARROW_S, _NARROW_RATIO * median):
        text = written_seconds(round(float(median), 4))
        interval = written_seconds(low), written_seconds(high)
        return FittedDuration(text, text, float(median), interval)
    positive = np.log(np.maximum(duration_s, 5e-4))
    mu, sigma = float(positive.mean()), float(positive.std())
    distance = _distance(positive, mu, sigma)
    error = _Z975 * sigma / len(duration_s) ** 0.5
    least, most = np.exp(mu - error), np.exp(mu + error)
    interval = written_seconds(float(least)), written_seconds(float(most))
    p99 = float(np.exp(mu + _Z99 * sigma))
    exact = float(np.exp(mu))
    centre = roundest(exact - spread / 10, exact + spread / 10, exact)
    is_lognormal = distance * len(duration_s) ** 0.5 <= _TOLERATED
    if is_lognormal or len(duration_s) < _FEWEST_FOR_FILE:
        written = {
            "median": written_seconds(round(centre, 4)),
            "p99": written_seconds(round(p99, 4)),
        }
        text = f"lognormal, median {written['median']}, p99 {written['p99']}"
        draws = (("median", f"{interval[0]}..{interval[1]}"),)
        return FittedDuration(written, text, exact, interval, distance, draws)
    text = f"as recorded, median {written_seconds(round(median, 4))}"
    other = f"a lognormal is {distance:.1%} off"
    file = CompanionFile(name, _file(duration_s))
    return FittedDuration({"empirical": file}, text, median, interval, 0.0, (), other)


def _distance(log_s: NDArray[np.float64], mu: float, sigma: float) -> float:
    """Return Kolmogorov's distance of durations from a lognormal.

    They are rounded to milliseconds: the distance is taken in the middle of a step.
    """
    values, counts = np.unique(log_s, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / len(log_s)
    return float(np.abs(_normal((values - mu) / sigma) - middle).max())


def _normal(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal distribution function, to 1e-7.

    Source:
        Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.2.17.
    """
    t = 1 / (1 + 0.2316419 * np.abs(z))
    weights = (1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530)
    tail = np.zeros_like(t)
    for weight in weights:
        tail = (tail + weight) * t
    tail = tail * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    upper: NDArray[np.float64] = np.where(z >= 0, 1 - tail, tail)
    return upper


def _file(duration_s: NDArray[np.float64]) -> bytes:
    """Return a CSV of durations; of many, evenly spaced quantiles."""
    if len(duration_s) > _MOST_IN_FILE:
        shares = (np.arange(_MOST_IN_FILE) + 0.5) / _MOST_IN_FILE
        duration_s = np.quantile(duration_s, shares)
    lines = ["latency_s", *(f"{one:.6f}" for one in np.sort(duration_s).tolist())]
    return ("\n".join(lines) + "\n").encode()
