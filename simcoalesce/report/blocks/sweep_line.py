"""A sweep of one parameter as a line: where its points lie, and the present setting."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.report.blocks.sweep_view import SweepView

_WIDE_RATIO: Final = 20
"""Of the largest value to the least: from here on, equal ratios are equal steps."""


def positions(view: SweepView) -> list[float]:
    """Return where each point lies: its value, or its number where values are words."""
    axis = view.plan.axes[0]
    numbers = [axis.number(value) for (value,) in view.plan.points]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return [float(index) for index in view.indices]
    return known


def has_scale(view: SweepView) -> bool:
    """Whether the values are numbers, so that distances between them say something."""
    axis = view.plan.axes[0]
    return all(axis.number(value) is not None for (value,) in view.plan.points)


def has_log_scale(view: SweepView) -> bool:
    """Whether the values are shown in equal ratios."""
    found = positions(view)
    if not has_scale(view) or min(found) <= 0:
        return False
    return view.plan.axes[0].is_log or max(found) > _WIDE_RATIO * min(found)


def ordered(view: SweepView) -> list[int]:
    """Return the indices of the points in the order of their values."""
    found = positions(view)
    return sorted(view.indices, key=lambda index: found[index])


def baseline_position(view: SweepView) -> float | None:
    """Return where the scenario as it is lies; None if that is no place on the axis."""
    at_point = next(filter(view.is_baseline, view.indices), None)
    if at_point is not None:
        return positions(view)[at_point]
    (now,) = view.plan.baseline
    return view.plan.axes[0].number(now) if now and has_scale(view) else None


def baseline_is_a_point(view: SweepView) -> bool:
    """Whether one of the points is the scenario as it is."""
    return any(map(view.is_baseline, view.indices))


def band(view: SweepView, index: int) -> tuple[float, float] | None:
    """Return the ends of the 95 % interval at a point; the mean twice if it has none.

    None if the point has no mean.
    """
    known = view.estimate(index)
    if known is None or known.mean is None:
        return None
    low = known.mean if known.low is None else known.low
    high = known.mean if known.high is None else known.high
    # A metric of zero or more never goes below zero, even if its interval does.
    return max(low, 0.0) if known.mean >= 0 else low, high


def range_shown(view: SweepView) -> tuple[float, float]:
    """Return the least and the greatest value that a line shows: bands and goal."""
    ends: Sequence[float] = [
        end
        for index in view.indices
        if (found := band(view, index)) is not None
        for end in found
    ]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    near = [limit for limit in view.limits if low <= limit <= 4 * high or not high]
    return low, max([high, *near]) or 1.0
