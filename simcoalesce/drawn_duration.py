"""Durations of what is drawn: at most 30 days, where tables of quantiles end."""

from typing import Annotated

from pydantic import AfterValidator

from simcoalesce.run_bounds import LONGEST_DRAW_NS
from simcoalesce.units import Duration, PositiveDuration


def _drawable(duration_ns: int) -> int:
    if duration_ns > LONGEST_DRAW_NS:
        raise ValueError(
            "what is drawn takes at most 30 days; write less, or a constant such as 60d"
        )
    return duration_ns


DrawnDuration = Annotated[Duration, AfterValidator(_drawable)]
"""A duration in whole nanoseconds, of at most 30 days."""

PositiveDrawnDuration = Annotated[PositiveDuration, AfterValidator(_drawable)]
"""A duration above zero, in whole nanoseconds, of at most 30 days."""
