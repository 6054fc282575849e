"""Fitting ranges: which values of a parameter explain the observations as well."""

from dataclasses import replace
from math import ceil, floor, log10, sqrt
from typing import Final

from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.calibration.hypothesis import Adjustment
from simcoalesce.explain.calibration.parameter import Parameter

_FEW_VALUES: Final = 6
"""A parameter with at most so many values is a choice, and has no range."""
_STEP: Final = 1.04
"""The first step from a value that fits; each further one is twice as long."""
_CLOSE: Final = 1.03
"""How near an end of a range is known: the ratio of what fits to what does not."""
_MOST_STEPS: Final = 6
_NEARLY: Final = 1.06
"""How far a value that does not fit is rounded: up to this ratio."""


def is_choice(parameter: Parameter) -> bool:
    """Whether a parameter has few values, of which each is a hypothesis."""
    return len(parameter.grid) <= _FEW_VALUES


def rounded(
    candidates: Candidates, candidate: Candidate
) -> tuple[Candidate, tuple[Adjustment, ...]]:
    """Return a candidate with round values, and its changes in words with ranges.

    Simplification: a range is searched under one seed, from the value outwards, while
    the other parameters keep theirs; what fits beyond a gap is not found.
    """
    ranges: dict[int, tuple[float, float]] = {}
    if not candidates.fits(candidate):
        return _as_people_say(candidates, candidate)
    for number, _ in candidate.settings:
        if is_choice(candidates.parameters[number]):
            continue
        low, high = _ends(candidates, candidate, number)
        if low < high:
            low, high, candidate = _as_round(candidates, candidate, number, low, high)
            ranges[number] = low, high
    return candidate, _with_ranges(candidates, candidate, ranges)


def _ends(
    candidates: Candidates, candidate: Candidate, number: int
) -> tuple[float, float]:
    """Return the least and the largest value that fits."""
    grid = candidates.parameters[number].grid
    start = dict(candidate.settings)[number]

    def fits(setting: float) -> bool:
        made = candidates.with_setting(candidate.settings, number, setting)
        return made is not None and made.discrepancy <= candidate.discrepancy

    def end(limit: float, ratio: float) -> float:
        inside, outside, step = start, start, ratio
        for _ in range(_MOST_STEPS):
            outside = start * step
            outside = min(outside, limit) if ratio > 1 else max(outside, limit)
            if outside == inside or not fits(outside):
                break
            inside, step = outside, step * step
        while max(inside / outside, outside / inside) > _CLOSE:
            middle = sqrt(inside * outside)
            if fits(middle):
                inside = middle
            else:
                outside = middle
        return inside

    return end(grid[0], 1 / _STEP), end(grid[-1], _STEP)


def _as_round(
    candidates: Candidates,
    candidate: Candidate,
    number: int,
    low: float,
    high: float,
) -> tuple[float, float, Candidate]:
    """Return a range and the value in it as people write them."""
    unit = candidates.unit(number)
    low, high = rounded_inwards(low * unit, high * unit)
    value = roundest(low, high) / unit
    made = candidates.with_setting(candidate.settings, number, value)
    if made is None or not candidates.fits(made):
        made = candidate
    return low / unit, high / unit, made


def _as_people_say(
    candidates: Candidates, candidate: Candidate
) -> tuple[Candidate, tuple[Adjustment, ...]]:
    """Return a candidate that does not fit with rounder values, and no ranges."""
    for number, setting in candidate.settings:
        if is_choice(candidates.parameters[number]):
            continue
        unit = candidates.unit(number)
        value = roundest(setting * unit / _NEARLY, setting * unit * _NEARLY) / unit
        made = candidates.with_setting(candidate.settings, number, value)
        if made and candidates.unexplained(made) <= candidates.unexplained(candidate):
            candidate = made
    return candidate, candidate.adjustments


def _with_ranges(
    candidates: Candidates,
    candidate: Candidate,
    ranges: dict[int, tuple[float, float]],
) -> tuple[Adjustment, ...]:
    """Return the changes of a candidate in words, with their ranges."""
    told = []
    for (number, setting), change in zip(
        candidate.settings, candidate.adjustments, strict=True
    ):
        settings = (setting, *ranges.get(number, ()))
        clauses = [
            candidates.clause(candidate.settings, number, one) for one in settings
        ]
        match clauses, settings:
            case [best, least, most], [_, low, high] if best and least and most:
                fit = f" ({least.value} to {most.value} fit)"
                text = best.told(f"about {best.value}", fit)
                told.append(replace(change, text=text, low=low, high=high))
            case _:
                told.append(change)
    return tuple(told)


def roundest(low: float, high: float) -> float:
    """Return the number within a range that has the fewest digits.

    >>> roundest(470, 550), roundest(3.6e8, 4.2e8), roundest(17, 18)
    (500.0, 400000000.0, 17.0)
    """
    middle = sqrt(low * high)
    for digits in range(3):
        number = float(f"{middle:.{digits}e}")
        if low <= number <= high:
            return number
    return middle


def rounded_inwards(low: float, high: float) -> tuple[float, float]:
    """Return a range within another one, with ends of two digits or else three.

    >>> rounded_inwards(467.3, 552.8), rounded_inwards(101.2, 103.9)
    ((470.0, 550.0), (102.0, 103.0))
    """
    for digits in (2, 3):
        least, most = _up(low, digits), -_up(-high, digits)
        if least < most:
            return least, most
    return low, high


def _up(number: float, digits: int) -> float:
    """Return the next larger number of so many digits.

    >>> _up(467.3, 2), -_up(-552.8, 2)
    (470.0, 550.0)
    """
    step = 10.0 ** (floor(log10(abs(number))) - digits + 1)
    return float(f"{ceil(round(number / step, 9)) * step:.9g}")
