"""Shapes of bursts: the share of their requests that has come, and its slope."""

from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from simcoalesce.fit.arrivals.observed_arrivals import Floats

SHAPES: Final = ("uniform", "front_loaded", "gaussian")
_WIDTHS: Final = 6.0
"""A bell is cut at 3 standard deviations on either side."""
_INSIDE: Final = NormalDist().cdf(_WIDTHS / 2) - NormalDist().cdf(-_WIDTHS / 2)
_GRID: Final = np.linspace(0, 1, 2_049)
_BELL: Final = np.array([NormalDist(0.5, 1 / _WIDTHS).cdf(float(one)) for one in _GRID])
_BELL_SHARE: Final = (_BELL - _BELL[0]) / (_BELL[-1] - _BELL[0])


def share_come(shape: str, x: Floats) -> Floats:
    """Return the share of a burst that has come at parts of its length."""
    x = np.asarray(np.clip(x, 0.0, 1.0), dtype=np.float64)
    if shape == "front_loaded":
        return np.asarray(np.sqrt(x), dtype=np.float64)
    if shape == "gaussian":
        return np.asarray(np.interp(x, _GRID, _BELL_SHARE), dtype=np.float64)
    return x


def density(shape: str, x: Floats) -> Floats:
    """Return the slope of `share_come`: its mean over the length is 1."""
    inside = (x >= 0) & (x < 1)
    if shape == "front_loaded":
        return np.where(inside, 0.5 / np.sqrt(np.maximum(x, 1e-9)), 0.0)
    if shape == "gaussian":
        bell = np.exp(-((_WIDTHS * (x - 0.5)) ** 2) / 2) * _WIDTHS
        return np.where(inside, bell / (sqrt(2 * np.pi) * _INSIDE), 0.0)
    return inside.astype(np.float64)
